using Pinfold.Pinboard.Users;
using Pinfold.Pinboard.Users.Guessing;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Users;

public sealed class NewPasswordTests
{
    static readonly Account Mira = new()
    {
        Username = "mira-of-the-hills",
        DisplayName = "Miranda Holmquist",
        Email = "miranda.holmquist@stonewall.example",
    };

    [Theory]
    [InlineData("correct horse battery")]
    [InlineData("a stone wall of our own")]
    [InlineData("another wall of stone")]
    [InlineData("another long password")]
    [InlineData("a-good-long-password")]
    [InlineData("Tr0ub4dor&3 in the rain")]
    [InlineData("xk9Qe2mVb7Lp")]
    [InlineData("miranda likes tea at nine")]
    [InlineData("пальто висит на гвозде")]
    [InlineData("石墙上的三只山羊在睡觉吗")]
    [InlineData("🐐🧱🌧🫖🪨🐑🌾🔔🪵🧶🥾🧦")]
    public async Task WhatNobodyGuessesIsTaken(string password) => (await CheckAsync(password)).ShouldBeNull();

    [Theory]
    [InlineData("password1234")]
    [InlineData("Password2024!")]
    [InlineData("p4$$w0rd1234")]
    [InlineData("drowssap4321")]
    [InlineData("passwordpassword")]
    [InlineData("password-password")]
    [InlineData("qwertyuiop12")]
    [InlineData("qwertyuiop[]")]
    [InlineData("1qaz2wsx3edc4rfv")]
    [InlineData("asdfghjklqwerty")]
    [InlineData("azertyuiopqsdf")]
    [InlineData("123456789012")]
    [InlineData("987654321098")]
    [InlineData("abcdefghijklmnop")]
    [InlineData("zyxwvutsrqponm")]
    [InlineData("aaaaaaaaaaaa")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("            ")]
    [InlineData("abcabcabcabc")]
    [InlineData("ababababababab")]
    [InlineData("iloveyou2024")]
    [InlineData("letmein12345")]
    [InlineData("monkey-dragon")]
    [InlineData("pinfold12345")]
    [InlineData("Pinfold-2026-Pinfold")]
    [InlineData("mypinboard123")]
    [InlineData("mira-of-the-hills")]
    [InlineData("Mira-Of-The-Hills99")]
    [InlineData("sllih-eht-fo-arim")]
    [InlineData("MirandaHolmquist")]
    [InlineData("miranda holmquist 1")]
    [InlineData("tsiuqmloHadnariM")]
    [InlineData("miranda.holmquist@stonewall.example")]
    [InlineData("holmquist1234")]
    [InlineData("ññññññññññññ")]
    public async Task WhatIsGuessedFirstIsRefused(string password) =>
        (await CheckAsync(password)).ShouldBe("PasswordTooCommon");

    [Fact]
    public async Task EveryCommonPasswordThatIsLongEnoughIsRefused()
    {
        await using var stream =
            typeof(NewPasswords).Assembly.GetManifestResourceStream("common-passwords").ShouldNotBeNull();
        using var reader = new StreamReader(stream);
        var common = (await reader.ReadToEndAsync()).Split('\n').Where(p => p.Length >= 12 && !p.StartsWith("# "))
            .ToList();
        common.Count.ShouldBeGreaterThan(12_000);
        var taken = new List<string>();
        for (var i = 0; i < common.Count; i++)
            if (await CheckAsync(common[i]) is null || (i % 20 == 0 && await CheckAsync($"{common[i]}1") is null))
                taken.Add(common[i]);
        taken.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(11, "PasswordTooShort")]
    [InlineData(12, null)]
    [InlineData(128, null)]
    [InlineData(129, "PasswordTooLong")]
    public async Task ItsLengthIsCountedInCharactersOfWhateverScript(int length, string? problem)
    {
        // Each is two UTF-16 units, and none stands beside its neighbour in the alphabet.
        var goats = string.Concat(
            Enumerable.Range(0, length).Select(i => char.ConvertFromUtf32(0x1F300 + (i * 37 % 500))));
        (await CheckAsync(goats)).ShouldBe(problem);
        var letters = string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i * i * 7 + i / 3) % 26)));
        (await CheckAsync(letters)).ShouldBe(problem);
    }

    [Fact]
    public void TheLongestOnesOfTheWorstKindsAreJudgedAtOnce()
    {
        var names = Enumerable.Range(0, 20).Select(i => new string('a', 100 + i)).ToArray();
        foreach (var unit in new[] { "a", "ab", "1", "@4", "password", "1qaz2wsx" })
            PasswordGuesses.Log10(
                string.Concat(Enumerable.Repeat(unit, 300))[..256], names).ShouldBeLessThan(20);
    }

    static async Task<string?> CheckAsync(string password) =>
        (await new NewPasswords().ValidateAsync(null!, Mira, password)).Errors.FirstOrDefault()?.Code;
}
