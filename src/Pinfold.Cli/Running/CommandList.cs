using System.CommandLine;

namespace Pinfold.Cli.Running;

/// <summary>What there is, for somebody who typed nothing, or something that is not.</summary>
static class CommandList
{
    /// <summary>How many letters a word may be off to be taken for another.</summary>
    const int LettersOffMax = 2;

    /// <summary>A line for each command that can be run, below one.</summary>
    public static void Write(TextWriter to, Command below)
    {
        var commands = Below(below, PathOf(below)).ToList();
        var width = commands.Max(c => c.Path.Length) + 2;
        foreach (var (path, command) in commands)
            to.WriteLine($"  {path.PadRight(width)}{command.Description}");
        to.WriteLine("Each of them says with --help what it takes.");
    }

    /// <summary>The whole of what was perhaps meant; null for nothing like it.</summary>
    public static string? Nearest(string typed, Command below)
    {
        var commands = Below(below, PathOf(below)).ToList();
        var near = below.Subcommands.Select(c => (c.Name, Off: LettersOff(typed, c.Name))).MinBy(c => c.Off);
        if (near.Off <= LettersOffMax && near.Off < typed.Length)
            return $"{PathOf(below)} {near.Name}";
        return commands.Find(c => c.Command.Name == typed).Path;
    }

    /// <summary>The option that was perhaps meant, of the command or of those above it; null for nothing like
    /// it.</summary>
    public static string? NearestOption(string typed, Command command)
    {
        var name = typed.Split('=', ':')[0];
        var near = command.Parents.OfType<Command>().Prepend(command).SelectMany(c => c.Options)
            .Where(o => !o.Hidden).Select(o => (o.Name, Off: LettersOff(name, o.Name))).MinBy(o => o.Off);
        return near.Name is not null && near.Off <= LettersOffMax ? near.Name : null;
    }

    /// <summary>The words with which a command is run, from <c>pinfold</c> on.</summary>
    public static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent
            ? $"{PathOf(parent)} {command.Name}" : "pinfold";

    static IEnumerable<(string Path, Command Command)> Below(Command command, string path) =>
        command.Subcommands.Where(c => !c.Hidden).SelectMany(child => child.Subcommands.Count == 0
            ? [($"{path} {child.Name}", child)]
            : Below(child, $"{path} {child.Name}"));

    /// <summary>Letters added, left out, changed, or swapped with their neighbour (optimal string alignment).</summary>
    static int LettersOff(string one, string other)
    {
        var off = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++)
            for (var j = 0; j <= other.Length; j++)
            {
                off[i, j] = i == 0 ? j : j == 0 ? i : Math.Min(
                    Math.Min(off[i - 1, j], off[i, j - 1]) + 1,
                    off[i - 1, j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                    off[i, j] = Math.Min(off[i, j], off[i - 2, j - 2] + 1);
            }
        return off[one.Length, other.Length];
    }
}
