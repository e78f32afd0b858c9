namespace Postern.Config.Tests.Sections;

/// <summary>[logins], [tokens] and [submission].</summary>
public class LoginsTests
{
    private const string Head = "hostname = \"mx.example.org\"\ndomains = [\"example.org\"]\n";
    private const string Tokens = "[tokens]\nissuer = \"https://id.example\"\naudience = \"mx\"\nkeys = \"/etc/keys.json\"\n";

    [Fact]
    public void WithoutThem_AccountsJudgeAndNoTokenHolds()
    {
        var read = Reading.Of(Head);
        Assert.Empty(read.Errors);
        Assert.Equal(new LoginSettings(null, null), read.Configuration!.Logins);
    }

    [Fact]
    public void WhatIsWritten_Counts()
    {
        var read = Reading.Of(Head + "[logins]\npasswords = \"dovecot:/run/dovecot/auth-postern\"\n" + Tokens + "claim = \"sub\"\nleeway = \"0s\"\n");
        Assert.Empty(read.Errors);
        Assert.Equal(new LoginSettings("/run/dovecot/auth-postern", new TokenSettings("https://id.example", "mx", "/etc/keys.json", "sub", 0)), read.Configuration!.Logins);
    }

    [Theory]
    [InlineData("[logins]\n", true)]
    [InlineData("[logins]\nnotices = true\n", true)]
    [InlineData("[logins]\nnotices = false\n", false)]
    public void UsersAreToldOfNewPlaces_UnlessThatIsWritten(string lines, bool tells) =>
        Assert.Equal(new LoginSettings(null, null, tells), Reading.Of(Head + lines).Configuration!.Logins);

    [Fact]
    public void Defaults_StandIn() => Assert.Equal(
        new LoginSettings(null, new TokenSettings("https://id.example", "mx", "/etc/keys.json", "email", 60)),
        Reading.Of(Head + "[logins]\npasswords = \"accounts\"\n" + Tokens).Configuration!.Logins);

    [Fact]
    public void Sending_HasLimits()
    {
        var read = Reading.Of(Head + "[submission]\nmessages_per_hour = 0\nrecipients_per_day = 7\n").Configuration!.Sending;
        Assert.Equal((0u, 2000u, 2000u, 7u), (read.MessagesPerHour, read.MessagesPerDay, read.RecipientsPerHour, read.RecipientsPerDay));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("hide_client = false\n", false)]
    [InlineData("hide_client = true\n", true)]
    public void Client_IsHiddenWhereThatIsWritten(string line, bool hides) =>
        Assert.Equal(hides, Reading.Of(Head + "[submission]\n" + line).Configuration!.Sending.HidesClient);

    [Theory]
    [InlineData("", 30u * 86_400)]
    [InlineData("max_hold = \"1h\"", 3600u)]
    [InlineData("max_hold = \"366d\"", 366u * 86_400)]
    [InlineData("max_hold = \"never\"", 0u)]
    public void Hold_HasALimit(string line, uint seconds) =>
        Assert.Equal(seconds, Reading.Of(Head + "[submission]\n" + line).Configuration!.MaxHold);

    [Theory]
    [InlineData("[submission]\nmax_hold = \"367d\"", "4: max_hold must be from 1s to 366d")]
    [InlineData("[submission]\nhide_client = \"yes\"", "4: hide_client must be true or false, without quotes, and this is a text")]
    [InlineData("[submission]\nmessages_per_hour = -1", "4: messages_per_hour must be from 0 to 1000000000")]
    [InlineData("[logins]\npasswords = \"shadow\"", "4: passwords must be \"accounts\" or \"dovecot:/path\", not \"shadow\"")]
    [InlineData("[logins]\npasswords = \"dovecot:run\"", "4: the socket's path must be an absolute path")]
    [InlineData("[logins]\npasswords = \"dovecot:\"", "4: the socket's path must be an absolute path")]
    [InlineData("[logins]\npasswords = true", "4: passwords must be a text in quotes, and this is true or false")]
    [InlineData("[logins]\nnotices = 1", "4: notices must be true or false, without quotes, and this is a number")]
    [InlineData("[logins]\npassword = \"accounts\"", "4: unknown key \"password\" in [logins]; is \"passwords\" meant?")]
    [InlineData("[tokens]\nissuer = \"x\"\naudience = \"y\"", "3: keys is missing in [tokens]: the file with the keys that sign them (JWKS)")]
    [InlineData("[tokens]\nissuer = \"x\"\nkeys = \"/etc/k\"", "3: audience is missing in [tokens]: for whom they are, as it stands in them: else tokens for any other server would log in to this one")]
    [InlineData("[tokens]\naudience = \"x\"\nkeys = \"/etc/k\"", "3: issuer is missing in [tokens]: who issues the tokens, as it stands in them")]
    [InlineData(Tokens + "leeway = \"11m\"", "7: leeway must be from 0s to 10m")]
    [InlineData(Tokens + "claim = \"\"", "7: claim must have 1 to 255 printable characters of ASCII")]
    [InlineData("[tokens]\nissuer = \"x\"\naudience = \"ä\"\nkeys = \"/etc/k\"", "5: audience must have 1 to 255 printable characters of ASCII")]
    [InlineData("[tokens]\nissuer = \"x\"\naudience = \"y\"\nkeys = \"k\"", "6: keys must be an absolute path")]
    // Whoever reads it may list and read its folder, and that would be everything.
    [InlineData("[tokens]\nissuer = \"x\"\naudience = \"y\"\nkeys = \"/k\"", "6: keys must not lie in \"/\" itself: who reads it may read all that is in its folder")]
    public void WhatIsWrong_IsAnError(string lines, string error) => Assert.Equal([error], Reading.Of(Head + lines).Errors);
}
