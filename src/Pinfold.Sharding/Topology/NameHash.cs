using System.Buffers.Binary;
using System.Numerics;

namespace Pinfold.Sharding.Topology;

/// <summary>
/// SipHash-2-4 with the key 00 01 .. 0f of its reference vectors (Aumasson and Bernstein, "SipHash: a fast short-input
/// PRF", appendix A). Names are stored by it, so it never changes.
/// </summary>
static class NameHash
{
    const ulong Key0 = 0x0706050403020100;
    const ulong Key1 = 0x0f0e0d0c0b0a0908;

    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var state = new State
        {
            V0 = Key0 ^ 0x736f6d6570736575,
            V1 = Key1 ^ 0x646f72616e646f6d,
            V2 = Key0 ^ 0x6c7967656e657261,
            V3 = Key1 ^ 0x7465646279746573,
        };
        var length = (ulong)bytes.Length;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            state.Take(BinaryPrimitives.ReadUInt64LittleEndian(bytes));

        var tail = length << 56;
        for (var i = 0; i < bytes.Length; i++)
            tail |= (ulong)bytes[i] << (8 * i);
        state.Take(tail);

        state.V2 ^= 0xff;
        state.Round();
        state.Round();
        state.Round();
        state.Round();
        return state.V0 ^ state.V1 ^ state.V2 ^ state.V3;
    }

    struct State
    {
        public ulong V0, V1, V2, V3;

        public void Take(ulong word)
        {
            V3 ^= word;
            Round();
            Round();
            V0 ^= word;
        }

        public void Round()
        {
            V0 += V1;
            V2 += V3;
            V1 = BitOperations.RotateLeft(V1, 13) ^ V0;
            V3 = BitOperations.RotateLeft(V3, 16) ^ V2;
            V0 = BitOperations.RotateLeft(V0, 32);
            V2 += V1;
            V0 += V3;
            V1 = BitOperations.RotateLeft(V1, 17) ^ V2;
            V3 = BitOperations.RotateLeft(V3, 21) ^ V0;
            V2 = BitOperations.RotateLeft(V2, 32);
        }
    }
}
