using Postern.Text;

namespace Postern.Sasl.Tests;

/// <summary>Guessing is slow, and nobody is kept out by others who guess. D7.</summary>
public sealed class GuessLimitTests
{
    private static readonly ClientNetwork _home = Network("198.51.100.7");
    private static readonly ClientNetwork _away = Network("192.0.2.1");

    private readonly ManualClock _clock = new();
    private readonly GuessLimits _limits;

    public GuessLimitTests() => _limits = new GuessLimits(_clock);

    [Fact]
    public void OneNetworkAtOneAccount_HasAFewGuesses_ThenOneInAWhile()
    {
        Assert.Equal(GuessLimits.PairBurst, Guesses(_away, "u", 50));
        _clock.Advance(GuessLimits.PairInterval - TimeSpan.FromSeconds(1));
        Assert.Equal(0, Guesses(_away, "u", 5));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, Guesses(_away, "u", 5));
        // Having asked in vain made nothing longer.
        _clock.Advance(GuessLimits.PairInterval * GuessLimits.PairBurst);
        Assert.Equal(GuessLimits.PairBurst, Guesses(_away, "u", 50));
    }

    [Fact]
    public void OneNetworkAtManyAccounts_HasAFewMore()
    {
        int allowed = Enumerable.Range(0, 100).Count(account => _limits.TryBegin(_away, $"user{account}", isKnown: false));
        Assert.Equal(GuessLimits.NetworkBurst, allowed);
    }

    [Fact]
    public void AllOfAnIpV6Subnet_IsOneNetwork()
    {
        Assert.Equal(Network("2001:db8::1"), Network("2001:db8::ffff:ffff:ffff:ffff"));
        Assert.NotEqual(Network("2001:db8::1"), Network("2001:db8:0:1::1"));
        Assert.NotEqual(Network("192.0.2.1"), Network("192.0.2.2"));
        Assert.Equal(Network("192.0.2.1"), Network("::ffff:192.0.2.1"));
        Assert.Equal("2001:db8::/64", Network("2001:db8::1").ToString());
    }

    [Fact]
    public void AllSubnetsOfAnIpV6Site_HaveMoreGuessesThanOne_AndFarFewerThanThereAreOfThem()
    {
        Assert.Equal(4 * GuessLimits.PairBurst, Enumerable.Range(0, 1000).Count(i => _limits.TryBegin(Network($"2001:db8:1:{i:x}::1"), "u", isKnown: false)));
        // Another site has its own, and so has another account; a user at home is not reached.
        Assert.True(_limits.TryBegin(Network("2001:db8:2::1"), "u", isKnown: false));
        Assert.True(_limits.TryBegin(Network("2001:db8:1:8::1"), "v", isKnown: false));
        Assert.True(_limits.TryBegin(Network("2001:db8:1:9::1"), "u", isKnown: true));
        _clock.Advance(GuessLimits.PairInterval / 4);
        Assert.Equal(1, Enumerable.Range(1000, 100).Count(i => _limits.TryBegin(Network($"2001:db8:1:{i:x}::1"), "u", isKnown: false)));
    }

    [Fact]
    public void AnIpV6SiteAtManyAccounts_HasAFewMoreThanASubnet()
    {
        int allowed = Enumerable.Range(0, 1000).Count(i => _limits.TryBegin(Network($"2001:db8:1:{i:x}::1"), $"user{i}", isKnown: false));
        Assert.Equal(4 * GuessLimits.NetworkBurst, allowed);
        _clock.Advance(TimeSpan.FromSeconds(15));
        Assert.True(_limits.TryBegin(Network("2001:db8:1:ffff::1"), "v", isKnown: false));
        // Right ones are none of them.
        _limits.Succeed(Network("2001:db8:1:ffff::1"), "v", isKnown: false);
        Assert.True(_limits.TryBegin(Network("2001:db8:1:fffe::1"), "w", isKnown: false));
        Assert.False(_limits.TryBegin(Network("2001:db8:1:fffd::1"), "x", isKnown: false));
    }

    [Fact]
    public void AUserAtHome_IsNotKeptOut()
    {
        // Everybody else guesses at him, from as many networks as there is time for.
        for (int i = 0; i < 1000; i++)
        {
            _limits.TryBegin(Network($"203.0.{i / 250}.{i % 250}"), "u", isKnown: false);
            _clock.Advance(TimeSpan.FromMilliseconds(50));
        }
        Assert.True(_limits.TryBegin(_home, "u", isKnown: true));
        // Others beside him, in the same network, guess at other accounts.
        for (int i = 0; i < 100; i++) _limits.TryBegin(_home, $"user{i}", isKnown: false);
        Assert.True(_limits.TryBegin(_home, "u", isKnown: true));
    }

    [Fact]
    public void AUserAbroad_HasHisFirstGuess()
    {
        for (int i = 0; i < 1000; i++)
        {
            _limits.TryBegin(Network($"203.0.{i / 250}.{i % 250}"), "u", isKnown: false);
            _clock.Advance(TimeSpan.FromMilliseconds(50));
        }
        Assert.True(_limits.TryBegin(_away, "u", isKnown: false));
        // The second one waits, as one of all the others', but not for as long as there were others.
        Assert.False(_limits.TryBegin(_away, "u", isKnown: false));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(_limits.TryBegin(_away, "u", isKnown: false));
        // When it was right there is no second one: the network is known.
        _limits.Succeed(_away, "u", isKnown: false);
        Assert.True(_limits.TryBegin(_away, "u", isKnown: true));
    }

    [Fact]
    public void AnAccountFromManyNetworks_HasAFewBeyondTheFirstOfEach()
    {
        int firsts = 0;
        int seconds = 0;
        for (int i = 0; i < 100; i++)
        {
            var network = Network($"203.0.113.{i}");
            if (_limits.TryBegin(network, "u", isKnown: false)) firsts++;
            if (_limits.TryBegin(network, "u", isKnown: false)) seconds++;
        }
        Assert.Equal(100, firsts);
        Assert.Equal(GuessLimits.AccountBurst / 2, seconds);
    }

    [Fact]
    public void AllTogether_AreNotMoreThanAProcessorCanHash()
    {
        int allowed = Enumerable.Range(0, 1000).Count(i => _limits.TryBegin(Network($"203.{i / 250}.0.{i % 250}"), $"user{i}", isKnown: false));
        Assert.Equal(GuessLimits.TotalBurst, allowed);
        Assert.True(_limits.TryBegin(_home, "u", isKnown: true));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(20, Enumerable.Range(0, 1000).Count(i => _limits.TryBegin(Network($"203.{i / 250}.1.{i % 250}"), $"user{i}", isKnown: false)));
    }

    [Fact]
    public void WhoIsRight_IsNeverStopped()
    {
        for (int i = 0; i < 1000; i++)
        {
            Assert.True(_limits.TryBegin(_away, "u", isKnown: false), $"{i}");
            _limits.Succeed(_away, "u", isKnown: false);
            Assert.True(_limits.TryBegin(_home, "u", isKnown: true), $"{i}");
            _limits.Succeed(_home, "u", isKnown: true);
        }
    }

    [Fact]
    public void MemoryHasABound_WhateverNamesAreThoughtOf()
    {
        for (int i = 0; i < 10 * GuessLimits.Capacity; i++)
        {
            _limits.TryBegin(Network($"{1 + (i >> 16)}.{(i >> 8) & 255}.{i & 255}.1"), $"user{i}", isKnown: false);
            _clock.Advance(TimeSpan.FromMilliseconds(50));
        }
        Assert.InRange(_limits.Count, GuessLimits.Capacity, 6 * GuessLimits.Capacity);
    }

    private int Guesses(ClientNetwork network, string account, int tries) => Enumerable.Range(0, tries).Count(_ => _limits.TryBegin(network, account, isKnown: false));

    private static ClientNetwork Network(string address) =>
        IpAddress.TryParse(System.Text.Encoding.ASCII.GetBytes(address), out var parsed) ? new ClientNetwork(parsed) : throw new ArgumentException(address);
}
