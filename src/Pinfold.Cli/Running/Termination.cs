using System.Runtime.InteropServices;

namespace Pinfold.Cli.Running;

/// <summary>Ctrl-C and SIGTERM: the first asks for an end, with the time it takes; the second ends at once.</summary>
sealed class Termination : IDisposable
{
    readonly CancellationTokenSource _asked = new();
    readonly PosixSignalRegistration[] _registrations;

    public Termination() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
    ];

    public CancellationToken Asked => _asked.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _asked.Dispose();
    }

    void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_asked.IsCancellationRequested)
            Environment.Exit(ExitCodes.Interrupted);
        _ = _asked.CancelAsync();
    }
}
