using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Pinfold.Pinboard.Fetching;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Fetching;

/// <summary>Real sockets on loopback; what counts is who was dialled, and what is still open.</summary>
public sealed class AddressRaceTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void FamiliesTakeTurnsBeginningWithTheSystemsFirst() =>
        AddressRace.InOrder([.. new[] { "2001:db8::1", "2001:db8::2", "2001:db8::3", "192.0.2.1", "192.0.2.2" }
            .Select(IPAddress.Parse)]).Select(address => address.ToString())
            .ShouldBe(["2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2", "2001:db8::3"]);

    [Fact]
    public void OfManyAddressesTenAreDialled() =>
        AddressRace.InOrder([.. Enumerable.Range(1, 250).Select(i => IPAddress.Parse($"192.0.2.{i}"))])
            .Count.ShouldBe(10);

    [Fact]
    public async Task ASwallowingAddressCostsOneWaitAndIsGivenUp()
    {
        using var swallows = new SwallowingPort(IPAddress.Parse("127.0.0.2"));
        using var answers = Listen(IPAddress.Loopback);
        var dials = new Dials();
        using var socket = await AddressRace.RunAsync(
            [swallows.Endpoint, End(answers)], dials.ConnectAsync, new WaitsPass(), Cancellation);
        dials.Begun.ShouldBe([swallows.Endpoint, End(answers)]);
        dials.Open.ShouldBe(1);
        socket.RemoteEndPoint.ShouldBe(End(answers));
    }

    [Fact]
    public async Task NothingElseIsDialledBeforeTheWaitIsOver()
    {
        using var swallows = new SwallowingPort(IPAddress.Parse("127.0.0.2"));
        using var answers = Listen(IPAddress.Loopback);
        var (dials, time) = (new Dials(), new WaitsPass { AreHeld = true });
        var race = AddressRace.RunAsync(
            [swallows.Endpoint, End(answers)], dials.ConnectAsync, time, Cancellation);
        await time.Begun.Task;
        dials.Begun.ShouldBe([swallows.Endpoint]);
        time.Pass();
        (await race).Dispose();
        dials.Begun.Count.ShouldBe(2);
    }

    [Fact]
    public async Task ARefusedAddressCostsNoWait()
    {
        var refuses = Listen(IPAddress.Loopback);
        var refused = End(refuses);
        refuses.Dispose();
        using var answers = Listen(IPAddress.IPv6Loopback);
        var dials = new Dials();
        using var socket = await AddressRace.RunAsync(
            [refused, End(answers)], dials.ConnectAsync, new WaitsPass { AreHeld = true }, Cancellation);
        dials.Begun.ShouldBe([refused, End(answers)]);
        dials.Open.ShouldBe(1);
    }

    [Fact]
    public async Task WhoConnectsTooLateIsClosed()
    {
        using var one = Listen(IPAddress.Loopback);
        using var other = Listen(IPAddress.Parse("127.0.0.2"));
        var late = new TaskCompletionSource();
        var dials = new Dials { BeforeFirst = late.Task };
        var race = AddressRace.RunAsync([End(one), End(other)], dials.ConnectAsync, new WaitsPass(), Cancellation);
        while (dials.Open == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(1), Cancellation);
        late.SetResult();
        using var socket = await race;
        socket.RemoteEndPoint.ShouldBe(End(other));
        dials.Open.ShouldBe(1);
    }

    [Fact]
    public async Task WhenNoneAnswersTheFirstSaysWhy()
    {
        var gone = Listen(IPAddress.Loopback);
        var end = End(gone);
        gone.Dispose();
        (await Should.ThrowAsync<SocketException>(() => AddressRace.RunAsync<Socket>(
            [end, new IPEndPoint(IPAddress.Parse("127.0.0.2"), end.Port)], new Dials().ConnectAsync, new WaitsPass(),
            Cancellation))).SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);
    }

    [Fact]
    public async Task TheCallerGivesAllOfThemUp()
    {
        using var swallows = new SwallowingPort(IPAddress.Parse("127.0.0.2"));
        using var caller = new CancellationTokenSource();
        var (dials, time) = (new Dials(), new WaitsPass { AreHeld = true });
        var race = AddressRace.RunAsync(
            [swallows.Endpoint, swallows.Endpoint], dials.ConnectAsync, time, caller.Token);
        await time.Begun.Task;
        await caller.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => race);
        dials.Begun.Count.ShouldBe(1);
        dials.Open.ShouldBe(0);
    }

    [Fact]
    public async Task APageIsReadThoughOneAddressSwallowsAndAForbiddenOneIsNeverDialled()
    {
        await using var site = await LoopbackSite.StartAsync(context => context.Response.WriteAsync("there"));
        using var swallows = new SwallowingPort(IPAddress.Parse("127.0.0.2"), site.Endpoint.Port);
        using var forbidden = Listen(IPAddress.Parse("127.0.0.3"), site.Endpoint.Port);
        var options = site.Options with
        {
            AllowedEndpoints = new HashSet<IPEndPoint> { site.Endpoint, swallows.Endpoint },
            Resolve = (_, _) => Task.FromResult<IPAddress[]>(
                [IPAddress.Parse("127.0.0.3"), IPAddress.Parse("127.0.0.2"), IPAddress.Loopback]),
        };
        using var http = new GuardedHttp(options, new WaitsPass());
        using var answer = await http.GetAsync(
            new Uri($"http://several.example:{site.Endpoint.Port}/"), "*/*", 1000, Cancellation);
        (await answer.Body.ReadStartAsync(100, Cancellation)).ShouldBe("there"u8.ToArray());
        forbidden.Poll(0, SelectMode.SelectRead).ShouldBeFalse("somebody connected");
    }

    static Socket Listen(IPAddress address, int port = 0)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address, port));
        socket.Listen();
        return socket;
    }

    static IPEndPoint End(Socket socket) => (IPEndPoint)socket.LocalEndPoint!;

    /// <summary>Connects, and counts what it was asked for and what of it is open.</summary>
    sealed class Dials
    {
        readonly List<Socket> _sockets = [];

        public List<IPEndPoint> Begun { get; } = [];

        /// <summary>Waited for after the first has connected.</summary>
        public Task? BeforeFirst { get; init; }

        public int Open
        {
            get
            {
                lock (_sockets)
                    return _sockets.Count(socket => socket.SafeHandle is { IsClosed: false });
            }
        }

        public async Task<Socket> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellation)
        {
            Begun.Add(endpoint);
            var isFirst = Begun.Count == 1;
            var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                if (isFirst && BeforeFirst is not null)
                    await BeforeFirst;
                await socket.ConnectAsync(endpoint, isFirst && BeforeFirst is not null ? default : cancellation);
                lock (_sockets)
                    _sockets.Add(socket);
                return socket;
            }
            finally
            {
                if (!socket.Connected)
                    socket.Dispose();
            }
        }
    }

    /// <summary>The waits between two attempts pass at once, or when it is said; nothing else does.</summary>
    sealed class WaitsPass : TimeProvider
    {
        readonly List<Action> _held = [];

        public bool AreHeld { get; init; }

        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Pass() => _held.ForEach(pass => pass());

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime != AddressRace.AttemptDelay)
                return System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, period);
            if (!AreHeld)
                return System.CreateTimer(callback, state, TimeSpan.Zero, period);
            _held.Add(() => callback(state));
            Begun.TrySetResult();
            return System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, period);
        }
    }
}
