namespace Pinfold.Cli.Tests.Running;

/// <summary>What a process says on stderr, while it says it.</summary>
sealed class Log
{
    readonly StreamReader _reader;
    readonly List<string> _lines = [];

    public Log(StreamReader reader)
    {
        _reader = reader;
        ToEnd = ReadAsync();
    }

    /// <summary>All of it, once the process has ended.</summary>
    public Task<string> ToEnd { get; }

    public async Task WaitForAsync(string[] words)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            lock (_lines)
                if (_lines.Any(line => words.All(line.Contains)))
                    return;
            if (limit.IsCancellationRequested || ToEnd.IsCompleted)
                throw new InvalidOperationException($"\"{string.Join("\", \"", words)}\" was never said:\n{this}");
            await Task.Delay(50);
        }
    }

    public override string ToString()
    {
        lock (_lines)
            return string.Concat(_lines.Select(line => $"{line}\n"));
    }

    async Task<string> ReadAsync()
    {
        while (await _reader.ReadLineAsync() is { } line)
            lock (_lines)
                _lines.Add(line);
        return ToString();
    }
}
