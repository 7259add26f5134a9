using NetVips;
using Pinfold.Sharding;

namespace Pinfold.Pinboard.Images;

/// <summary>
/// Makes the process's libvips small and closed: no decoders but <see cref="AllowedDecoders"/>, one thread an image, no
/// cache.
/// </summary>
internal static class Libvips
{
    // Held for ever, as libvips calls it from its own threads. What it says of strangers' broken files is either an
    // exception too, or of no use to whoever reads the service's log.
    static readonly Log.LogDelegate Silence = (_, _, _) => { };

    static readonly Lazy<uint> Silenced =
        new(() => Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning, Silence));

    /// <summary>
    /// What libvips has said so far is of other images: it keeps it until an exception is made, which takes it along.
    /// </summary>
    public static void ForgetErrors() => _ = new VipsException("");

    /// <summary>Idempotent.</summary>
    /// <exception cref="PinfoldException">Unavailable: there is no libvips for this machine.</exception>
    public static void Restrict()
    {
        if (!ModuleInitializer.VipsInitialized)
        {
            throw new PinfoldException(ErrorKind.Unavailable,
                "Images cannot be rendered: libvips did not load on this machine (glibc Linux, macOS and Windows "
                + "are supported; elsewhere install libvips 8.18).", ModuleInitializer.Exception);
        }

        Operation.Block("VipsForeignLoad", true);
        foreach (var decoder in AllowedDecoders.Names)
        {
            if (NetVips.NetVips.TypeFromName(decoder) == 0)
                throw new PinfoldException(ErrorKind.Unavailable, $"This libvips has no {decoder}; 8.18 is needed.");
            Operation.Block(decoder, false);
        }

        _ = Silenced.Value;
        NetVips.NetVips.BlockUntrusted = true;
        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0;
        Cache.MaxMem = 0;
        Cache.MaxFiles = 0;
    }
}
