using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Web.Cards;

/// <summary>
/// Cursors as they stand in addresses: sealed with the installation's keys, so that nobody reads of which pin and time
/// they are, or makes one. One opens on the list that it was made for alone, as its owner or as everybody else.
/// </summary>
sealed class FeedCursors(IDataProtectionProvider protection)
{
    /// <summary>A page's pins, and the address of the next page.</summary>
    public Feed Seal(PinPage page, string path, bool isOwn, Caller caller) => CardMaker.Feed(
        page.Pins, page.Next is null ? null : ProtectorOf(path, isOwn).Protect(page.Next), path, caller);

    /// <summary>The address of a page that begins at a cursor.</summary>
    public string Address(string cursor, string path, bool isOwn) =>
        CardMaker.NextHref(path, ProtectorOf(path, isOwn).Protect(cursor));

    /// <summary>A cursor of one's own list.</summary>
    public string Seal(string cursor, string list) => ProtectorOf(list, isOwn: true).Protect(cursor);

    /// <summary>The address of the next page of another list; null if there is none.</summary>
    /// <param name="next">The store's cursor.</param>
    /// <param name="path">The list's address.</param>
    /// <param name="isOwn">As <see cref="Open"/>.</param>
    /// <param name="list">What it opens on, where the address is not the list's alone; null for the address.</param>
    public string? NextHref(string? next, string path, bool isOwn, string? list = null) =>
        next is null ? null : $"{path}?cursor={ProtectorOf(list ?? path, isOwn).Protect(next)}";

    /// <summary>The cursor that was sealed, or null for none: the first page.</summary>
    /// <exception cref="PinfoldException">Invalid: it is none, or was made for another list.</exception>
    public string? Open(string? cursor, string path, bool isOwn)
    {
        if (string.IsNullOrEmpty(cursor))
            return null;
        try
        {
            return ProtectorOf(path, isOwn).Unprotect(cursor);
        }
        catch (CryptographicException)
        {
            throw new PinfoldException(
                ErrorKind.Invalid,
                "This link to more is damaged, or was made for somebody else. Begin at the top.");
        }
    }

    IDataProtector ProtectorOf(string path, bool isOwn) =>
        protection.CreateProtector("feed cursor", path, isOwn ? "own" : "all");
}
