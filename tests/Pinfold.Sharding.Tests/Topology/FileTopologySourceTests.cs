using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Pinfold.Sharding.Topology;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Topology;

public sealed class FileTopologySourceTests : IDisposable
{
    /// <summary>Only ends a test that would hang; nothing waits for it.</summary>
    static readonly TimeSpan Hang = TimeSpan.FromMinutes(1);

    readonly TempFolder _folder = new();
    readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    readonly RecordingLogger<FileTopologySource> _log = new();

    string Path => _folder.File("topology.json");

    string CopyPath => _folder.File("state/topology.last-known-good.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AChangedFileIsInUseAfterTheNextPoll()
    {
        Write(version: 1);
        await using var source = await Open();
        var changed = NextChange(source);

        Write(version: 2);
        _time.Advance(FileTopologySource.PollPeriod);

        (await changed.WaitAsync(Hang)).After.Version.ShouldBe(2);
        source.Current.Version.ShouldBe(2);
    }

    [Fact]
    public async Task AChangeOfTheSameLengthIsSeenInAFileThatHadRestedForLong()
    {
        Write(version: 1);
        File.SetLastWriteTimeUtc(Path, _time.GetUtcNow().UtcDateTime.AddDays(-1));
        await using var source = await Open();
        await Refresh(source);
        var changed = NextChange(source);

        Write(version: 2);
        _time.Advance(FileTopologySource.PollPeriod);

        (await changed.WaitAsync(Hang)).After.Version.ShouldBe(2);
    }

    [Fact]
    public async Task AFileThatAnEditorReplacesByRenamingIsSeen()
    {
        Write(version: 1);
        await using var source = await Open();
        var changed = NextChange(source);

        File.WriteAllText(_folder.File("topology.json~"), Text(version: 2));
        File.Move(_folder.File("topology.json~"), Path, overwrite: true);
        _time.Advance(FileTopologySource.PollPeriod);

        (await changed.WaitAsync(Hang)).After.Version.ShouldBe(2);
    }

    [Fact]
    public async Task ARefreshReadsNowAndDoesNotWaitForThePoll()
    {
        Write(version: 1);
        await using var source = await Open();
        Write(version: 2);

        (await Refresh(source)).Version.ShouldBe(2);
    }

    [Fact]
    public async Task CallsAtTheSameTimeShareOneReadingAndTheNextOneWaitsItsTurn()
    {
        Write(version: 1);
        await using var source = await Open();
        Write(version: 2);

        var calls = Enumerable.Range(0, 50)
            .Select(_ => source.RefreshAsync(CancellationToken.None).AsTask()).ToArray();
        calls.ShouldAllBe(call => !call.IsCompleted);
        // Time moves once: a second reading would have to wait for another 100 ms, which never pass.
        _time.Advance(FileTopologySource.ReadPeriodMin);

        (await Task.WhenAll(calls).WaitAsync(Hang)).ShouldAllBe(map => map.Version == 2);
        source.RefreshAsync(CancellationToken.None).IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task ACallerThatGivesUpDoesNotEndTheReadingOfOthers()
    {
        Write(version: 1);
        await using var source = await Open();
        Write(version: 2);
        using var patience = new CancellationTokenSource();

        var impatient = source.RefreshAsync(patience.Token).AsTask();
        var patient = source.RefreshAsync(CancellationToken.None).AsTask();
        await patience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => impatient);
        _time.Advance(FileTopologySource.ReadPeriodMin);

        (await patient.WaitAsync(Hang)).Version.ShouldBe(2);
    }

    [Fact]
    public async Task ABrokenFileIsReportedOnceAndTheMapInUseStays()
    {
        Write(version: 1);
        await using var source = await Open();

        File.WriteAllText(Path, "{ \"version\": 2,\n");
        await Refresh(source);
        await Refresh(source);
        await Refresh(source);

        source.Current.Version.ShouldBe(1);
        source.Problem.ShouldNotBeNull().ShouldContain("line 2");
        _log.At(LogLevel.Error).ShouldHaveSingleItem().ShouldContain("version 1 stays in use");
    }

    [Fact]
    public async Task AFileThatIsRepairedIsSaidToBeRightAgain()
    {
        Write(version: 1);
        await using var source = await Open();
        File.Delete(Path);
        (await Refresh(source)).Version.ShouldBe(1);
        source.Problem.ShouldNotBeNull().ShouldStartWith("There is no topology file at ");

        Write(version: 1);
        await Refresh(source);

        source.Problem.ShouldBeNull();
        _log.At(LogLevel.Information)[^1].ShouldEndWith("is right again; it says version 1, in use.");
    }

    [Fact]
    public async Task AnOlderFileIsNotTakenUp()
    {
        Write(version: 5);
        await using var source = await Open();

        Write(version: 4);

        (await Refresh(source)).Version.ShouldBe(5);
        source.Problem.ShouldNotBeNull().ShouldContain("version 4 is older than version 5");
    }

    [Fact]
    public async Task EachMapThatIsTakenUpIsCopied()
    {
        Write(version: 1);
        await using var source = await Open(CopyPath);
        File.ReadAllBytes(CopyPath).ShouldBe(source.Current.ToJson().ToArray());

        Write(version: 2);
        await Refresh(source);

        File.ReadAllBytes(CopyPath).ShouldBe(source.Current.ToJson().ToArray());
        Directory.GetFiles(System.IO.Path.GetDirectoryName(CopyPath)!).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("{ \"version\": 2, \"servers\"", "this is not JSON")]
    [InlineData("", "the file is empty")]
    [InlineData(null, "There is no topology file at")]
    public async Task WithoutAUsableFileTheLastKnownGoodCopyIsUsedAndSaidLoudly(string? damaged, string problem)
    {
        Write(version: 1);
        await (await Open(CopyPath)).DisposeAsync();
        if (damaged is null)
            File.Delete(Path);
        else
            File.WriteAllText(Path, damaged);

        await using var source = await Open(CopyPath);

        source.Current.Version.ShouldBe(1);
        source.Current.GetServer("db1").Location.ShouldBe(_folder.File("shards"));
        source.Problem.ShouldNotBeNull().ShouldContain(problem);
        _log.At(LogLevel.Critical).ShouldHaveSingleItem().ShouldContain(problem);
    }

    [Fact]
    public async Task AFileThatIsRepairedTakesOverFromTheCopy()
    {
        Write(version: 1);
        await (await Open(CopyPath)).DisposeAsync();
        File.Delete(Path);
        await using var source = await Open(CopyPath);
        var changed = NextChange(source);

        Write(version: 2);
        _time.Advance(FileTopologySource.PollPeriod);

        (await changed.WaitAsync(Hang)).After.Version.ShouldBe(2);
        source.Problem.ShouldBeNull();
    }

    [Fact]
    public async Task AShardCountThatChangedWhileNothingRanIsRefusedToo()
    {
        Write(version: 1);
        await (await Open(CopyPath)).DisposeAsync();
        Write(version: 2, shardCount: 32);

        await using var source = await Open(CopyPath);

        source.Current.ShardCount.ShouldBe(16);
        source.Problem.ShouldNotBeNull().ShouldContain("this installation has 16 shards");
    }

    [Fact]
    public async Task ACopyThatIsDamagedItselfIsReplaced()
    {
        Write(version: 1);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(CopyPath)!);
        File.WriteAllText(CopyPath, "{ \"versi");

        await using var source = await Open(CopyPath);

        source.Current.Version.ShouldBe(1);
        _log.At(LogLevel.Warning).ShouldHaveSingleItem().ShouldContain("is of no use and will be replaced");
        File.ReadAllBytes(CopyPath).ShouldBe(source.Current.ToJson().ToArray());
    }

    [Fact]
    public async Task WithNeitherFileNorCopyTheProblemsOfTheFileAreThrown()
    {
        File.WriteAllText(Path, "{ }");

        var refused = await Should.ThrowAsync<PinfoldException>(() => Open(CopyPath));

        refused.Kind.ShouldBe(ErrorKind.Invalid);
        refused.Message.ShouldContain("the topology has no \"version\"");
    }

    [Fact]
    public async Task ACopyThatCannotBeWrittenIsAWarningOnly()
    {
        Write(version: 1);
        File.WriteAllText(_folder.File("state"), "a file where the copy's folder should be");

        await using var source = await Open(CopyPath);

        source.Current.Version.ShouldBe(1);
        _log.At(LogLevel.Warning)[^1].ShouldContain("could not be written");
    }

    [Fact]
    public async Task AHandlerThatThrowsKeepsNeitherTheOthersNorTheMapBack()
    {
        Write(version: 1);
        await using var source = await Open();
        source.Changed += _ => throw new InvalidOperationException("a fault");
        var changed = NextChange(source);

        Write(version: 2);
        (await Refresh(source)).Version.ShouldBe(2);

        (await changed.WaitAsync(Hang)).Before.Version.ShouldBe(1);
        _log.At(LogLevel.Error).ShouldHaveSingleItem().ShouldContain("handler");
    }

    [Fact]
    public async Task ADisposedSourceAnswersWithItsLastMapAndReadsNoMore()
    {
        Write(version: 1);
        var source = await Open();
        var waiting = source.RefreshAsync(CancellationToken.None).AsTask();
        Write(version: 2);

        await source.DisposeAsync();
        await source.DisposeAsync();

        (await waiting.WaitAsync(Hang)).Version.ShouldBe(1);
        (await source.RefreshAsync(CancellationToken.None)).Version.ShouldBe(1);
    }

    Task<FileTopologySource> Open(string? copyPath = null) =>
        FileTopologySource.OpenAsync(Path, copyPath, _time, _log);

    async Task<TopologyMap> Refresh(FileTopologySource source)
    {
        var refresh = source.RefreshAsync(CancellationToken.None);
        _time.Advance(FileTopologySource.ReadPeriodMin);
        return await refresh.AsTask().WaitAsync(Hang);
    }

    static Task<TopologyChange> NextChange(FileTopologySource source)
    {
        var change = new TaskCompletionSource<TopologyChange>(TaskCreationOptions.RunContinuationsAsynchronously);
        source.Changed += next => change.TrySetResult(next);
        return change.Task;
    }

    void Write(int version, int shardCount = 16) => File.WriteAllText(Path, Text(version, shardCount), Encoding.UTF8);

    static string Text(int version, int shardCount = 16) => $$"""
        { "version": {{version}}, "shardCount": {{shardCount}},
          "servers": [ { "name": "db1", "engine": "sqlite", "folder": "shards" } ],
          "shards": [ { "first": 0, "last": {{shardCount - 1}}, "server": "db1", "epoch": {{version}} } ] }
        """;
}
