using System.Collections.Concurrent;
using Pinfold.Pinboard.Pins;
using Pinfold.Sharding;
using Pinfold.Testing;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Boards;

/// <summary>
/// Boards and sections are deleted while pins are made, moved, hidden, deleted and offered as covers: no pin is left
/// where nobody finds it, and none is lost.
/// </summary>
public sealed class DeletionStormTests(PinboardEngines engines, ITestOutputHelper output)
    : IClassFixture<PinboardEngines>
{
    const int Rounds = 12;
    const int Writers = 6;
    const int WritesEach = 6;

    public static TheoryData<string> Engines => PinboardEngines.Names;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task WhatIsPutOnABoardThatIsDeletedIsGoneOrRefusedAndTheRestStays(string engine)
    {
        var seed = Seed.Take(output.WriteLine);
        var random = seed.NewRandom();
        var storm = new Storm(engines[engine], await engines[engine].AddUserAsync("storm"));
        await storm.BeginAsync();
        for (var round = 0; round < Rounds; round++)
        {
            await storm.NewBoardAsync($"Board {round}", random.Next(3) * 60);
            var numbers = Enumerable.Range(0, Writers).Select(w => seed.NewRandom(1 + round * Writers + w)).ToList();
            var writers = numbers.Select(n => Task.Run(() => storm.WriteAsync(n, WritesEach))).ToList();
            await storm.WrittenAsync(random.Next(Writers * WritesEach / 2));
            await storm.DeleteAsync();
            await Task.WhenAll(writers);
            await storm.AuditAsync();
        }
        storm.Done.ShouldBeGreaterThan(Rounds * Writers, "most is done, or nothing was tried here");
    }

    /// <summary>One person's writers, a home that stays and a board that is deleted in each round.</summary>
    sealed class Storm(TestPinboard pinboard, TestUser owner)
    {
        readonly ConcurrentDictionary<ObjectId<Pin>, bool> _stays = [];
        readonly ConcurrentBag<ObjectId<Board>> _boards = [];
        readonly ConcurrentBag<ObjectId<Section>> _sections = [];
        ObjectId<Board> _home;
        ObjectId<Board> _board;
        ObjectId<Section> _homeSection;
        int _hashes;
        int _written;
        int _done;

        public int Done => _done;

        public async Task BeginAsync() => _boards.Add(_home = await pinboard.AddBoardAsync(owner, "Home"));

        /// <summary>A board with so many pins and a section, and a section of home: all to be deleted.</summary>
        public async Task NewBoardAsync(string name, int pins)
        {
            _boards.Add(_board = await pinboard.AddBoardAsync(owner, name));
            _sections.Add(await pinboard.Boards.GetOrCreateSectionAsync(_board, "North", default));
            _sections.Add(_homeSection = await pinboard.Boards.GetOrCreateSectionAsync(_home, name, default));
            if (pins > 0)
                await pinboard.Pins.CreateManyAsync(
                    owner.Id, [.. Enumerable.Repeat(new NewPin(_board), pins)], default);
            _written = 0;
        }

        public async Task DeleteAsync()
        {
            await Task.WhenAll(
                pinboard.Boards.DeleteSectionAsync(owner.Viewer, _homeSection, default),
                pinboard.Boards.DeleteAsync(owner.Viewer, _board, default));
            (await Should.ThrowAsync<PinfoldException>(() => pinboard.AddPinAsync(owner, _board)))
                .Message.ShouldBe("There is no such board.");
        }

        /// <summary>Waits until so many writes were tried.</summary>
        public async Task WrittenAsync(int count)
        {
            while (Volatile.Read(ref _written) < count)
                await Task.Yield();
        }

        public async Task WriteAsync(Random random, int writes)
        {
            // Each of a writer's own, so that it knows what becomes of it.
            var own = new List<ObjectId<Pin>>();
            for (var i = 0; i < writes; i++)
            {
                try
                {
                    await WriteOneAsync(random, own);
                    Interlocked.Increment(ref _done);
                }
                catch (PinfoldException e) when (e.Kind == ErrorKind.NotFound)
                {
                    // Its board or section was deleted before.
                }
                Interlocked.Increment(ref _written);
            }
        }

        async Task WriteOneAsync(Random random, List<ObjectId<Pin>> own)
        {
            var pin = own.Count > 0 ? own[random.Next(own.Count)] : default;
            switch (random.Next(10))
            {
                case 0 or 1 when !pin.IsNone:
                    await MoveAsync(pin, _board, default);
                    break;
                case 2 when !pin.IsNone:
                    await MoveAsync(pin, _home, _homeSection);
                    break;
                case 3 when !pin.IsNone:
                    await pinboard.Pins.DeleteAsync(owner.Viewer, pin, default);
                    _stays.TryRemove(pin, out _);
                    own.Remove(pin);
                    break;
                case 4 or 5 when !pin.IsNone:
                    if (await pinboard.PinPictures.FindAsync(pin, default) is { } there)
                        await pinboard.PinPictures.OfferCoverAsync(there, isNew: false, default);
                    break;
                case 6:
                    _sections.Add(await pinboard.Boards.GetOrCreateSectionAsync(
                        _board, $"Section {random.Next(4)}", default));
                    break;
                case 7:
                    await pinboard.Pins.CreateAsync(owner.Id, Picture(_board, default), default);
                    break;
                default:
                    var made = await pinboard.Pins.CreateAsync(
                        owner.Id, Picture(_home, random.Next(2) == 0 ? _homeSection : default), default);
                    own.Add(made);
                    _stays[made] = true;
                    break;
            }

            async Task MoveAsync(ObjectId<Pin> id, ObjectId<Board> board, ObjectId<Section> section)
            {
                await pinboard.Pins.UpdateAsync(
                    owner.Viewer, id, "moved", null, null, random.Next(2) == 0, board, section, default);
                if (board == _board)
                {
                    _stays.TryRemove(id, out _);
                    own.Remove(id);
                }
            }
        }

        /// <summary>All agrees, and what is there is what was put at home and neither moved away nor deleted.</summary>
        public async Task AuditAsync() =>
            (await PinboardAudit.RunAsync(pinboard.Store, owner.Id, _boards, _sections))
                .Keys.ShouldBe(_stays.Keys, ignoreOrder: true);

        NewPin Picture(ObjectId<Board> board, ObjectId<Section> section) => new(board)
        {
            Section = section,
            Picture = new PinPicture(
                PictureState.Ready, Interlocked.Increment(ref _hashes).ToString("x64"), null, 30, 20, "#808080", 0,
                null),
        };
    }
}
