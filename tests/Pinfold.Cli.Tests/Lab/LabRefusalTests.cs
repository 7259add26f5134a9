using Pinfold.Cli.Tests.Running;
using Pinfold.Lab.State;
using Shouldly;
using Xunit;

namespace Pinfold.Cli.Tests.Lab;

/// <summary>What cannot be is said before anything is started.</summary>
public sealed class LabRefusalTests
{
    [Theory]
    [InlineData(2, "--engine oracle", "--engine", "oracle")]
    [InlineData(2, "1 to 16", "--servers", "0")]
    [InlineData(2, "0 to 4", "--replicas", "5")]
    [InlineData(2, "0 to 1", "--solr", "2")]
    [InlineData(2, "1 to 4096", "--shards", "5000")]
    public async Task WishesThatCannotBe(int code, string words, params string[] options)
    {
        await using var lab = new TestLab();
        (await lab.RunAsync(["up", .. options])).ShouldRefuse(code, words);
        Directory.Exists(lab.Folder).ShouldBeFalse();
    }

    [Fact]
    public async Task ALabThatIsNotThere()
    {
        await using var lab = new TestLab();
        foreach (var words in (string[][])[["status"], ["down"], ["down", "--delete"], ["kill", "db1"]])
            (await lab.RunAsync(words)).ShouldRefuse(3, "There is no lab in", "pinfold lab up");
        Directory.Exists(lab.Folder).ShouldBeFalse();
    }

    [Fact]
    public async Task AFolderOfAnotherKindIsLeftAlone()
    {
        await using var lab = new TestLab();
        var file = Path.Combine(Path.GetDirectoryName(lab.Folder)!, "other");
        await File.WriteAllTextAsync(file, "photographs");
        foreach (var folder in (string[])[file, Path.GetDirectoryName(file)!])
            (await PinfoldProgram.RunAsync(["lab", "up", "--folder", folder])).ShouldRefuse(4, folder);
        (await PinfoldProgram.RunAsync(["lab", "down", "--delete", "--folder", Path.GetDirectoryName(file)!]))
            .ShouldRefuse(3, "There is no lab");
        (await File.ReadAllTextAsync(file)).ShouldBe("photographs");
    }

    [Fact]
    public async Task AFileThatNoLabWroteIsSaid()
    {
        await using var lab = new TestLab();
        var folder = Path.GetDirectoryName(lab.Folder)!;
        await File.WriteAllTextAsync(Path.Combine(folder, LabFolder.StateName), "{");
        (await PinfoldProgram.RunAsync(["lab", "status", "--folder", folder])).ShouldRefuse(7, LabFolder.StateName);
    }

    [Fact]
    public async Task ProgramsThatAreMissingAreNamedWithTheirPackages()
    {
        await using var lab = new TestLab();
        var nothing = new Dictionary<string, string> { ["PATH"] = "/nonexistent", ["MYSQL_SERVER"] = "/nonexistent" };
        (await lab.RunAsync(["up", "--engine", "mysql", "--redis", "1"], nothing)).ShouldRefuse(5,
            "apt-get install memcached", "apt-get install redis-server", "/nonexistent has no MySQL 8");
        Directory.Exists(lab.Folder).ShouldBeFalse();
    }

    [Fact]
    public async Task ADiskWithoutRoomIsSaidBeforeItIsFull()
    {
        await using var disk = await SmallDisk.MountAsync(megabytes: 16);
        (await PinfoldProgram.RunAsync(["lab", "up", "--memcached", "0", "--folder", disk.Data], wrapper: disk.Wrapper))
            .ShouldRefuse(5, "400 MiB", "make room");
        disk.Entries("db1").ShouldBeEmpty();
    }

    [Fact]
    public async Task TwoCommandsDoNotWorkOnOneLab()
    {
        await using var lab = new TestLab();
        using (LabFolder.OpenOrBegin(
            lab.Folder, () => new LabState { Engine = LabEngine.MariaDb, ShardCount = 1 }))
            (await lab.RunAsync("down")).ShouldRefuse(4, "Another command works on the lab");
    }
}
