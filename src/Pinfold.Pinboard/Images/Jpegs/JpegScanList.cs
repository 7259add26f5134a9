using Pinfold.Sharding;

namespace Pinfold.Pinboard.Images.Jpegs;

/// <summary>The scans of a JPEG so far, and what they leave open.</summary>
internal sealed class JpegScanList
{
    /// <summary>Encoders write some ten. Each costs a pass over the whole image, though it may be a few
    /// bytes.</summary>
    const int ScansMax = 100;

    /// <summary>The lowest bit given of each component's coefficients.</summary>
    readonly Dictionary<(int Component, int Coefficient), int> _low = [];

    public int Count { get; private set; }

    /// <exception cref="PinfoldException">LimitExceeded: there are too many.</exception>
    public void Add(JpegScan scan)
    {
        if (++Count > ScansMax)
            throw new PinfoldException(ErrorKind.LimitExceeded,
                $"This JPEG has more than {ScansMax} scans, the most accepted; save it anew.");
        foreach (var (component, _, _) in scan.Parts)
            for (var coefficient = scan.First; coefficient <= scan.Last; coefficient++)
                _low[(component, coefficient)] = scan.Low;
    }

    /// <summary>Whether each component was in a scan at all: what is missing is not grey.</summary>
    public bool HasAll(JpegFrame frame) =>
        Enumerable.Range(0, frame.Components.Count).All(component => _low.ContainsKey((component, 0)));

    /// <summary>Whether nothing could follow: every bit of every coefficient was given.</summary>
    public bool IsComplete(JpegFrame frame) =>
        Enumerable.Range(0, frame.Components.Count * JpegScan.Coefficients).All(i =>
            _low.GetValueOrDefault((i / JpegScan.Coefficients, i % JpegScan.Coefficients), int.MaxValue) == 0);
}
