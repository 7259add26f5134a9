using System.Net;
using CsCheck;
using Pinfold.Pinboard.Fetching;
using Shouldly;
using Xunit;

namespace Pinfold.Pinboard.Tests.Fetching;

public sealed class AddressGuardTests
{
    static readonly Gen<IPAddress> AnyV4 = Gen.Byte.Array[4].Select(bytes => new IPAddress(bytes));

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("10.0.0.0")]
    [InlineData("10.255.255.255")]
    [InlineData("100.64.0.0")]
    [InlineData("100.100.100.200")]
    [InlineData("100.127.255.255")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("168.63.129.16")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.192")]
    [InlineData("192.0.2.1")]
    [InlineData("192.88.99.1")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("198.19.255.255")]
    [InlineData("198.51.100.7")]
    [InlineData("203.0.113.7")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.255")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::127.0.0.1")]
    [InlineData("::8.8.8.8")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("::ffff:0:127.0.0.1")]
    [InlineData("64:ff9b::127.0.0.1")]
    [InlineData("64:ff9b::10.1.2.3")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("100::1")]
    [InlineData("2001::1")]
    [InlineData("2001:0:53aa:64c:0:7f:80ff:fffe")]
    [InlineData("2001:10::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:7f00:1::1")]
    [InlineData("2002:a00:1::1")]
    [InlineData("3fff::1")]
    [InlineData("5f00::1")]
    [InlineData("4000::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%3")]
    [InlineData("febf::1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void WhatIsNotThePublicInternetIsRefused(string address) =>
        AddressGuard.Refusal(IPAddress.Parse(address)).ShouldNotBeNullOrEmpty();

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("8.8.8.8")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("126.255.255.255")]
    [InlineData("128.0.0.1")]
    [InlineData("169.253.255.255")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.0.1.0")]
    [InlineData("192.167.255.255")]
    [InlineData("198.17.255.255")]
    [InlineData("198.20.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2a00:1450:4001::1")]
    [InlineData("2001:4860:4860::8888")]
    [InlineData("2001:200::1")]
    [InlineData("64:ff9b::8.8.8.8")]
    public void ThePublicInternetIsNot(string address) =>
        AddressGuard.Refusal(IPAddress.Parse(address)).ShouldBeNull();

    [Fact]
    public void AForbiddenIPv4AddressIsForbiddenInEveryIPv6Disguise() => AnyV4
        .Where(address => AddressGuard.Refusal(address) is not null)
        .Sample(address => Disguises(address).All(disguise => AddressGuard.Refusal(disguise) is not null));

    [Fact]
    public void Nat64FollowsTheIPv4AddressWithinIt() => AnyV4.Sample(address =>
        AddressGuard.Refusal(IPAddress.Parse($"64:ff9b::{address}")) == AddressGuard.Refusal(address));

    [Fact]
    public void NoIPv6AddressOutsideGlobalUnicastAndNat64IsAllowed() => Gen.Byte.Array[16]
        .Select(bytes => new IPAddress(bytes))
        .Where(address => (address.GetAddressBytes()[0] & 0xE0) != 0x20)
        .Sample(address => AddressGuard.Refusal(address) is not null);

    static IEnumerable<IPAddress> Disguises(IPAddress address)
    {
        var b = address.GetAddressBytes();
        yield return address.MapToIPv6();
        yield return IPAddress.Parse($"::{address}");
        yield return IPAddress.Parse($"::ffff:0:{address}");
        yield return IPAddress.Parse($"64:ff9b::{address}");
        yield return new IPAddress([0x20, 0x02, .. b, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
        yield return new IPAddress([0x20, 0x01, 0, 0, .. b, 0, 0, 0, 0, .. b.Select(x => (byte)~x)]);
    }
}
