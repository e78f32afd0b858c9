using Postern.Ipc.Slices;
using Postern.Role.Confining;

namespace Postern.Auth.Tests;

/// <summary>What the program may reach, by its slice: no more than the ways of logging in need.</summary>
public sealed class ReachTests
{
    [Theory]
    [InlineData("", "", SocketUse.None, "/state/auth")]
    [InlineData("/run/dovecot/auth", "", SocketUse.Unix, "/state/auth")]
    [InlineData("", "/etc/keys/keys.json", SocketUse.None, "/state/auth /etc/keys")]
    [InlineData("/run/dovecot/auth", "/keys.json", SocketUse.Unix, "/state/auth /")]
    public void WhatTheSliceNames_IsReached(string dovecot, string keys, SocketUse sockets, string folders)
    {
        var slice = Slice(dovecot, keys);
        Assert.Equal(sockets, AuthProgram.SocketsOf(slice));
        var places = AuthProgram.PlacesOf(slice);
        Assert.Equal(folders, string.Join(' ', places.Select(place => place.Path)));
        // What it keeps it changes; the keys of others it reads.
        Assert.Equal(FileUse.Read | FileUse.List | FileUse.Change, places[0].Use);
        Assert.All(places.Skip(1), place => Assert.Equal(FileUse.Read | FileUse.List, place.Use));
    }

    [Fact]
    public void SliceThatCanNotBeRead_ReachesNothing()
    {
        var slice = Slice("/run/dovecot/auth", "/etc/keys/keys.json");
        for (var length = 0; length < slice.Length; length++)
        {
            Assert.Equal(SocketUse.None, AuthProgram.SocketsOf(slice.AsSpan(0, length)));
            Assert.Empty(AuthProgram.PlacesOf(slice.AsSpan(0, length)));
        }

        Assert.Equal(SocketUse.None, AuthProgram.SocketsOf([.. slice, 0]));
        Assert.Empty(AuthProgram.PlacesOf([.. slice, 0]));
    }

    private static byte[] Slice(string dovecot, string keys)
    {
        var writer = new SliceWriter();
        writer.Add(new AuthSlice
        {
            Folder = "/state/auth",
            Dovecot = dovecot,
            TokenIssuer = keys.Length > 0 ? "https://id.example" : "",
            TokenAudience = "",
            TokenClaim = "",
            TokenKeys = keys,
            TokenLeeway = 0,
            HostName = "mail.example.org",
            NoticesFrom = "",
        });
        return writer.Bytes.ToArray();
    }
}
