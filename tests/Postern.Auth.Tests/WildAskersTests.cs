using Postern.Auth.Tests.Harness;
using Postern.Ipc.Logins;
using Postern.TestKit;

namespace Postern.Auth.Tests;

/// <summary>smtpd taken over: it may ask, and learns yes and no.</summary>
public sealed class WildAskersTests
{
    private static int Seeds => Environment.GetEnvironmentVariable("POSTERN_LONG") == "1" ? 1_000 : 40;

    [Fact]
    public void AskerThatWasTakenOver_StopsNothing()
    {
        using var house = new AuthHouse(("ann@a.test", "", "secret"));
        for (var seed = 0; seed < Seeds; seed++)
        {
            var wild = new WildFrames(seed) { Known = [1, 2, 3] };
            using (var end = new WildEnd(house.Settle, theirs => house.Serve(theirs)))
            {
                for (var left = 1 + wild.Below(30); left > 0 && !end.IsClosed; left--)
                {
                    end.Send(wild.Next([LoginStartFrame.Type, LoginMessageFrame.Type, LoginMessageFrame.Type, LoginEndFrame.Type]));
                }
            }

            house.Settle();
        }

        house.Open();
        Assert.Equal("LoggedIn ann@a.test", house.LogIn("ann@a.test", "secret"));
    }
}
