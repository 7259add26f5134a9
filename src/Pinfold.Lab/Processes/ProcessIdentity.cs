using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Pinfold.Lab.Processes;

/// <summary>
/// A process of this machine, told by when it began from any other that gets its number: after its end, and after a
/// restart of the machine, nothing is taken for it.
/// </summary>
/// <param name="Id">Its number.</param>
/// <param name="StartTicks">Clock ticks from the boot of the machine to its start, proc(5).</param>
/// <param name="Boot">Which boot that was.</param>
public sealed record ProcessIdentity(int Id, long StartTicks, string Boot)
{
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    // Fields of /proc/PID/stat after the name, which ends with the last bracket: 3, the state, and 22.
    const int StateField = 0, StartField = 19;

    [JsonIgnore]
    public bool IsAlive => ReadState() is not null;

    /// <summary>Stopped by a signal.</summary>
    [JsonIgnore]
    public bool IsPaused => ReadState() == 'T';

    /// <exception cref="InvalidOperationException">There is no such process.</exception>
    public static ProcessIdentity Of(int id) => ReadFields(id) is { } fields
        ? new ProcessIdentity(id, Number(fields[StartField]), ReadBoot())
        : throw new InvalidOperationException($"There is no process {id}.");

    /// <summary>Sends a signal to this process and no other; false when it has ended.</summary>
    public bool Send(int signal)
    {
        if (!IsAlive)
            return false;
        try
        {
            ProcessSignal.Send(Id, signal);
            return true;
        }
        catch (Win32Exception) when (!IsAlive)
        {
            return false;
        }
    }

    /// <summary>Waits for its end; false when it goes on after <paramref name="patience"/>.</summary>
    public Task<bool> EndsWithinAsync(TimeSpan patience, CancellationToken cancellation) =>
        IsWithinAsync(() => !IsAlive, patience, cancellation);

    /// <summary>Waits until it is stopped, or goes on again.</summary>
    public Task<bool> PausesWithinAsync(bool isPaused, TimeSpan patience, CancellationToken cancellation) =>
        IsWithinAsync(() => IsPaused == isPaused, patience, cancellation);

    static async Task<bool> IsWithinAsync(Func<bool> isSo, TimeSpan patience, CancellationToken cancellation)
    {
        var waited = Stopwatch.StartNew();
        while (!isSo())
        {
            if (waited.Elapsed > patience)
                return false;
            await Task.Delay(PollInterval, cancellation);
        }
        return true;
    }

    /// <summary>Null for one that has ended; who started it may not have asked for its end yet.</summary>
    char? ReadState() =>
        ReadFields(Id) is { } fields && Number(fields[StartField]) == StartTicks && ReadBoot() == Boot
            && fields[StateField] is not ("Z" or "X") ? fields[StateField][0] : null;

    static string[]? ReadFields(int id)
    {
        try
        {
            var line = File.ReadAllText($"/proc/{id}/stat");
            return line[(line.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null; // also when it ends while it is read
        }
    }

    static string ReadBoot() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    static long Number(string field) => long.Parse(field, CultureInfo.InvariantCulture);
}
