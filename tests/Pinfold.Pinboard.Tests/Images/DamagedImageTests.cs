using Pinfold.Pinboard.Images;
using Pinfold.Pinboard.Images.Headers;
using Pinfold.Sharding;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Images;

public sealed class DamagedImageTests
{
    static int VariantsPerImage => Soak.Times(3, soaking: 12);

    [Fact]
    public async Task ADamagedImageIsRenderedOrRefusedAndLeavesNothingElse()
    {
        var seed = Seed.Take(TestContext.Current.TestOutputHelper!.WriteLine);
        var random = seed.NewRandom();
        using var folder = new ImageFolder();
        var renderer = new ImageRenderer(ImageLimits.Default);
        var files = new ImageFiles(folder["store"], ImageLimits.Default);
        var (rendered, refused) = (0, 0);
        foreach (var sample in Sample.Made)
        {
            for (var variant = 0; variant < VariantsPerImage; variant++)
            {
                var what = $"{sample.Name}, variant {variant}, seed {seed.Value}";
                try
                {
                    await PassAsync(Damage(sample.Read(), random), files, renderer);
                    rendered++;
                }
                catch (PinfoldException refusal)
                {
                    (refusal.Kind is ErrorKind.Invalid or ErrorKind.LimitExceeded).ShouldBeTrue(what);
                    refused++;
                }
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{rendered} rendered, {refused} refused");
        refused.ShouldBeGreaterThan(0);
        folder.Files.ShouldBeEmpty();
    }

    static async Task PassAsync(byte[] image, ImageFiles files, ImageRenderer renderer)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var incoming = await files.TakeInAsync(new MemoryStream(image), cancellation);
        await renderer.RenderAsync(incoming.Path, cancellation);
    }

    static byte[] Damage(byte[] image, Random random)
    {
        var damaged = (byte[])image.Clone();
        switch (random.Next(4))
        {
            case 0:
                return damaged[..random.Next(damaged.Length)];
            case 1:
                for (var flips = random.Next(1, 20); flips > 0; flips--)
                    damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
                return damaged;
            case 2:
                for (var flips = random.Next(1, 10); flips > 0; flips--)
                    damaged[random.Next(Math.Min(damaged.Length, 300))] ^= (byte)(1 << random.Next(8));
                return damaged;
            default:
                var (from, to) = (random.Next(damaged.Length), random.Next(damaged.Length));
                return [.. damaged[..from], .. damaged[to..]];
        }
    }
}
