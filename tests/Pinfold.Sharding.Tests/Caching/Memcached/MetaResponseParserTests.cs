using System.Text;
using CsCheck;
using Pinfold.Sharding.Caching.Memcached;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Caching.Memcached;

public sealed class MetaResponseParserTests
{
    const int ValueBytesMax = 3000;
    static readonly string[] PlainCodes = ["HD", "EN", "NS", "EX", "NF"];

    static readonly Gen<(byte[] Wire, MetaResponse Response)> AnyResponse = Gen.OneOf(
        Gen.Select(Gen.Byte.Array[0, 4000], Gen.Int[0, 7], Gen.ULong, Gen.UInt, Value),
        Gen.Select(Gen.OneOf(PlainCodes.Select(code => Gen.Const(code)).ToArray()), Gen.UInt, Plain),
        Gen.OneOf(Gen.Const("MN"), Gen.Const("OK")).Select(Bare),
        Gen.Const((Encoding.ASCII.GetBytes("SERVER_ERROR out of memory\r\n"),
            new MetaResponse(MetaStatus.ServerError, MetaFlags.None, 0, null, [], "SERVER_ERROR out of memory"))));

    [Fact]
    public void ResponsesAreReadAlikeHoweverTheyAreCut() =>
        Gen.Select(AnyResponse.Array[1, 12], Gen.Int[1, 50].Array[1, 20]).Sample((responses, cuts) =>
        {
            var wire = responses.SelectMany(response => response.Wire).ToArray();
            var parsed = Parse(wire, cuts);
            parsed.Count.ShouldBe(responses.Length);
            for (var i = 0; i < parsed.Count; i++)
            {
                var (actual, expected) = (parsed[i], responses[i].Response);
                actual.Value.ShouldBe(expected.Value);
                (actual with { Value = expected.Value }).ShouldBe(expected);
            }
        });

    [Fact]
    public void AnyBytesAreReadOrRefusedAndNeverAnythingElse() =>
        Gen.Select(Gen.Byte.Array[0, 400], Gen.Int[1, 50].Array[1, 20]).Sample((wire, cuts) =>
        {
            try
            {
                Parse(wire, cuts);
            }
            catch (MetaProtocolException)
            {
            }
        });

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n")]
    [InlineData("VA\r\n")]
    [InlineData("VA x\r\n")]
    [InlineData("VA -1\r\n\r\n")]
    [InlineData("VA 99999999999\r\n")]
    [InlineData("VA 2 c12x\r\nab\r\n")]
    [InlineData("VA 2 O4294967296\r\nab\r\n")]
    [InlineData("VA 2\r\nabc\r\n")]
    [InlineData("HD\n")]
    [InlineData("hd\r\n")]
    [InlineData("\r\n")]
    [InlineData("VALUE key 0 1\r\n")]
    public void WhatIsNotOfTheProtocolIsRefused(string wire) =>
        Should.Throw<MetaProtocolException>(() => Parse(Encoding.ASCII.GetBytes(wire), [7]));

    [Fact]
    public void ALineWithoutEndIsRefused() =>
        Should.Throw<MetaProtocolException>(() => Parse(new byte[5000], [100]));

    static List<MetaResponse> Parse(byte[] wire, int[] cuts)
    {
        var parser = new MetaResponseParser(ValueBytesMax);
        var parsed = new List<MetaResponse>();
        for (int at = 0, cut = 0; at < wire.Length; cut++)
        {
            var length = Math.Min(cuts[cut % cuts.Length], wire.Length - at);
            ReadOnlySpan<byte> piece = wire.AsSpan(at, length).ToArray();
            while (parser.TryRead(ref piece, out var response))
                parsed.Add(response);
            piece.Length.ShouldBe(0);
            at += length;
        }
        return parsed;
    }

    static (byte[], MetaResponse) Value(byte[] value, int flags, ulong cas, uint opaque)
    {
        var (won, taken, stale) = ((flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0);
        var line = $"VA {value.Length} c{cas} t-1 O{opaque}"
            + (won ? " W" : "") + (taken ? " Z" : "") + (stale ? " X" : "") + "\r\n";
        var isTooLarge = value.Length > ValueBytesMax;
        var expected = (MetaFlags)flags | (isTooLarge ? MetaFlags.TooLarge : MetaFlags.None);
        byte[] wire = [.. Encoding.ASCII.GetBytes(line), .. value, (byte)'\r', (byte)'\n'];
        return (wire, new MetaResponse(MetaStatus.Value, expected, cas, opaque, isTooLarge ? [] : value, null));
    }

    static (byte[], MetaResponse) Plain(string code, uint opaque) =>
        (Encoding.ASCII.GetBytes($"{code} O{opaque}\r\n"),
            new MetaResponse(Status(code), MetaFlags.None, 0, opaque, [], null));

    static (byte[], MetaResponse) Bare(string code) =>
        (Encoding.ASCII.GetBytes(code + "\r\n"), new MetaResponse(Status(code), MetaFlags.None, 0, null, [], null));

    static MetaStatus Status(string code) => code switch
    {
        "HD" => MetaStatus.Done,
        "EN" => MetaStatus.Missing,
        "NS" => MetaStatus.NotStored,
        "EX" => MetaStatus.CasDiffers,
        "NF" => MetaStatus.NotFound,
        "MN" => MetaStatus.NoOp,
        _ => MetaStatus.Ok,
    };
}
