using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Pinfold.Pinboard.Users;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Serving;

/// <summary>The two cookies of who signs in: the session's, and that this device is known to the account.</summary>
/// <remarks>
/// The device's is encrypted, so that an address that is held up can be told, before anything is read, from somebody
/// who has signed in before. It signs nobody in.
/// </remarks>
sealed class SessionCookies(IDataProtectionProvider protection)
{
    const string Session = "session";
    const string Device = "device";

    /// <summary>What browsers keep a cookie for at most.</summary>
    static readonly TimeSpan DeviceAge = TimeSpan.FromDays(400);

    readonly IDataProtector _devices = protection.CreateProtector("known device");

    public static SessionTicket? TicketOf(HttpRequest request) => SessionTicket.Parse(request.Cookies[Session]);

    /// <summary>Where a request comes from, with what its device cookie says.</summary>
    public Client ClientOf(HttpContext http) => new(
        AddressOf(http),
        RateLimits.Origin(http.Connection.RemoteIpAddress), UserAgents.Words(http.Request.Headers.UserAgent),
        DeviceOf(http.Request));

    /// <summary>As people know it.</summary>
    public static string AddressOf(HttpContext http) => http.Connection.RemoteIpAddress is { } address
        ? $"{(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)}"
        : "";

    public KnownDevice? DeviceOf(HttpRequest request)
    {
        if (request.Cookies[Device] is not { Length: > 0 and < 1000 } cookie)
            return null;
        try
        {
            return _devices.Unprotect(cookie).Split(' ') is [var credentials, var stamp, var number]
                && ObjectId<Credentials>.TryParse(credentials, null, out var id) && Guid.TryParse(number, out var guid)
                ? new KnownDevice(id, stamp, guid)
                : null;
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }

    public void Set(HttpContext http, StartedSession session)
    {
        http.Response.Cookies.Append(Session, session.Ticket.ToString(), new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Expires = session.Until,
            IsEssential = true,
        });
        var device = session.Device;
        http.Response.Cookies.Append(
            Device, _devices.Protect($"{device.Credentials} {device.Stamp} {device.Number:N}"), new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Strict,
                MaxAge = DeviceAge,
                IsEssential = true,
            });
    }

    /// <summary>The device stays known.</summary>
    public static void Remove(HttpContext http) => http.Response.Cookies.Delete(Session);
}
