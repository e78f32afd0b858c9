namespace Postern.Role;

/// <summary>Exit codes after sysexits.h.</summary>
public static class ExitCode
{
    public const int Success = 0;
    public const int Usage = 64;
    public const int Data = 65;
    public const int NoInput = 66;
    public const int Unavailable = 69;
    public const int Software = 70;
    public const int System = 71;
    public const int CannotCreate = 73;
    public const int InputOutput = 74;
    public const int TemporaryFailure = 75;
    public const int NoPermission = 77;
    public const int Configuration = 78;
}
