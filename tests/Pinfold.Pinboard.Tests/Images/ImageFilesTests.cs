using System.Security.Cryptography;
using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Images.Headers;
using Pinfold.Sharding;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Images;

public sealed class ImageFilesTests : IDisposable
{
    static readonly byte[] Photo = Sample.Named("baseline.jpg").Read();
    static readonly string PhotoHash = Convert.ToHexStringLower(SHA256.HashData(Photo));

    readonly ImageFolder _folder = new();
    readonly ImageFiles _files;

    public ImageFilesTests() => _files = new ImageFiles(_folder.Path, ImageLimits.Default);

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnOriginalIsNamedByItsContent()
    {
        var stored = await _files.ReceiveAsync(new MemoryStream(Photo), Cancellation);
        stored.ShouldBe(new StoredImage(
            ContentHash.Parse(PhotoHash), Photo.Length, new ImageHeader(ImageFormat.Jpeg, 297, 403, false)));
        _folder.Files.ShouldBe([Path.Combine(PhotoHash[..2], PhotoHash[2..4], $"{PhotoHash}.jpg")]);
        var original = _files.FindOriginal(stored.Hash).ShouldNotBeNull();
        original.ContentType.ShouldBe("image/jpeg");
        File.ReadAllBytes(original.Path).ShouldBe(Photo);
    }

    [Fact]
    public async Task TheSameBytesAgainChangeNothing()
    {
        var first = await _files.ReceiveAsync(new MemoryStream(Photo), Cancellation);
        var second = await _files.ReceiveAsync(new MemoryStream(Photo), Cancellation);
        second.ShouldBe(first);
        _folder.Files.Length.ShouldBe(1);
    }

    [Fact]
    public async Task ManyReceiversOfTheSameBytesAllSucceed()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 16)
            .Select(_ => _files.ReceiveAsync(new MemoryStream(Photo), Cancellation)));
        all.Distinct().Count().ShouldBe(1);
        _folder.Files.Length.ShouldBe(1);
    }

    [Fact]
    public async Task AnUploadOf500MegabytesStopsAtTheLimit()
    {
        var upload = new EndlessUpload(500 * 1024 * 1024);
        var refusal = await Should.ThrowAsync<PinfoldException>(() => _files.ReceiveAsync(upload, Cancellation));
        refusal.Kind.ShouldBe(ErrorKind.LimitExceeded);
        refusal.Message.ShouldBe("This image is larger than 50 MiB, which is the most accepted.");
        upload.Sent.ShouldBeLessThan(51 * 1024 * 1024);
        _folder.Files.ShouldBeEmpty();
    }

    [Fact]
    public async Task WhatIsNotAnImageIsNotKept()
    {
        var text = new MemoryStream("text"u8.ToArray());
        (await Should.ThrowAsync<PinfoldException>(() => _files.ReceiveAsync(text, Cancellation)))
            .Kind.ShouldBe(ErrorKind.Invalid);
        _folder.Files.ShouldBeEmpty();
    }

    [Fact]
    public async Task AnUploadThatBreaksOffIsTheSendersErrorAndLeavesNothing()
    {
        var broken = new EndlessUpload(200_000) { BreaksAtEnd = true };
        await Should.ThrowAsync<EndOfStreamException>(() => _files.ReceiveAsync(broken, Cancellation));
        _folder.Files.ShouldBeEmpty();
    }

    [Fact]
    public async Task OnAFullDiskAReceiveIsRefusedAndLeavesNothing()
    {
        var full = new ImageFiles(_folder.Path, ImageLimits.Default, path => new FullDisk(path, bytesFree: 4096));
        var refusal = await Should.ThrowAsync<PinfoldException>(
            () => full.ReceiveAsync(new MemoryStream(Photo), Cancellation));
        refusal.Kind.ShouldBe(ErrorKind.Unavailable);
        refusal.Message.ShouldStartWith("There is no room left on the disk");
        _folder.Files.ShouldBeEmpty();
    }

    [Fact]
    public async Task OnAFullDiskARenditionIsRefusedAndTheEarlierOneStays()
    {
        var stored = await StoreWithRenditionsAsync();
        var before = _folder.Files;
        var full = new ImageFiles(_folder.Path, ImageLimits.Default, path => new FullDisk(path, bytesFree: 10));
        var refusal = await Should.ThrowAsync<PinfoldException>(
            () => full.StoreAsync(
                stored.Hash, new RenderedImage(1, 1, "", 0, [new Rendition(236, 1, 1, new byte[5000])]), Cancellation));
        refusal.Kind.ShouldBe(ErrorKind.Unavailable);
        _folder.Files.ShouldBe(before);
    }

    [Fact]
    public async Task AFolderThatIsAFileIsReportedAsSuch()
    {
        var stored = await _files.ReceiveAsync(new MemoryStream(Photo), Cancellation);
        _files.Delete(stored.Hash);
        Directory.Delete(_folder[Path.Combine(PhotoHash[..2], PhotoHash[2..4])]);
        File.WriteAllText(_folder[Path.Combine(PhotoHash[..2], PhotoHash[2..4])], "in the way");
        (await Should.ThrowAsync<PinfoldException>(() => _files.ReceiveAsync(new MemoryStream(Photo), Cancellation)))
            .Message.ShouldStartWith("The folder that holds the images cannot be written");
        Directory.GetFiles(_folder["incoming"]).ShouldBeEmpty();
    }

    [Fact]
    public async Task ASmallImageAnswersAWideRequestWithTheWidestItHas()
    {
        var stored = await StoreWithRenditionsAsync();
        var name = PhotoHash;
        Path.GetFileName(_files.FindRendition(stored.Hash, 236)!.Path).ShouldBe($"{name}-236.webp");
        Path.GetFileName(_files.FindRendition(stored.Hash, 474)!.Path).ShouldBe($"{name}-474.webp");
        Path.GetFileName(_files.FindRendition(stored.Hash, 736)!.Path).ShouldBe($"{name}-474.webp");
        _files.FindRendition(stored.Hash, 100).ShouldBeNull();
    }

    [Fact]
    public async Task DeleteTakesTheOriginalAndItsRenditionsAndOnlyThose()
    {
        var other = await _files.ReceiveAsync(new MemoryStream(Sample.Named("plain.png").Read()), Cancellation);
        var stored = await StoreWithRenditionsAsync();
        _folder.Files.Length.ShouldBe(4);
        _files.Delete(stored.Hash);
        _files.Delete(stored.Hash);
        _folder.Files.Length.ShouldBe(1);
        _files.FindOriginal(other.Hash).ShouldNotBeNull();
        _files.FindOriginal(stored.Hash).ShouldBeNull();
    }

    [Fact]
    public void TheSweepTakesAtOnceWhatAKilledProcessLeft()
    {
        _folder.Write("incoming/killed.lock", []);
        _folder.Write("incoming/killed.part", [1]);
        _folder.Write("incoming/unlocked.part", [1]);
        _files.Sweep(DateTimeOffset.MinValue).ShouldBe(2);
        _folder.Files.ShouldBeEmpty();
    }

    [Fact]
    public async Task TheSweepLeavesWhatIsBeingReceivedHoweverOldItIs()
    {
        using var slow = new SlowUpload(Photo);
        var receiving = _files.ReceiveAsync(slow, Cancellation);
        await slow.HalfRead;
        foreach (var file in _folder.Files)
            File.SetLastWriteTimeUtc(_folder[file], DateTime.UnixEpoch);
        new ImageFiles(_folder.Path, ImageLimits.Default).Sweep(DateTimeOffset.MaxValue).ShouldBe(0);
        slow.GoOn();
        var stored = await receiving;
        File.ReadAllBytes(_files.FindOriginal(stored.Hash)!.Path).ShouldBe(Photo);
    }

    [Fact]
    public async Task WhatWasReceivedAnewIsNotDeletedAsOld()
    {
        var before = TimeProvider.System.GetUtcNow().AddHours(-1);
        var stored = await StoreWithRenditionsAsync();
        foreach (var file in _folder.Files)
            File.SetLastWriteTimeUtc(_folder[file], before.UtcDateTime.AddHours(-1));
        await _files.ReceiveAsync(new MemoryStream(Photo), Cancellation);
        _files.DeleteReceivedBefore(stored.Hash, before).ShouldBeFalse();
        File.ReadAllBytes(_files.FindOriginal(stored.Hash)!.Path).ShouldBe(Photo);
        _files.DeleteReceivedBefore(stored.Hash, TimeProvider.System.GetUtcNow().AddHours(1)).ShouldBeTrue();
        _folder.Files.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("../../../../etc/passwd")]
    [InlineData("E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85")]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8 5")]
    public void WhatIsNotAHashNeverReachesAPath(string? text) => ContentHash.TryParse(text, out _).ShouldBeFalse();

    public void Dispose() => _folder.Dispose();

    async Task<StoredImage> StoreWithRenditionsAsync()
    {
        var stored = await _files.ReceiveAsync(new MemoryStream(Photo), Cancellation);
        var image = await new ImageRenderer(ImageLimits.Default)
            .RenderAsync(_files.FindOriginal(stored.Hash)!.Path, Cancellation);
        await _files.StoreAsync(stored.Hash, image, Cancellation);
        return stored;
    }
}
