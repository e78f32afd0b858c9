namespace Postern.Config.Errors;

/// <summary>Where something stands in a file; lines and columns count from 1.</summary>
internal readonly record struct Place(string File, int Line, int Column);
