namespace Postern.Mutants.Rewriting;

/// <summary>A small mistake that is put into the code to see whether a test notices.</summary>
/// <param name="Id">Its number, from 1.</param>
/// <param name="Place">The number of the statement that it is in.</param>
/// <param name="File">The file, from the project's folder.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Member">The type and the member.</param>
/// <param name="Was">The code as it is, on one line.</param>
/// <param name="Becomes">The same with the mistake.</param>
internal sealed record Mutant(int Id, int Place, string File, int Line, string Member, string Was, string Becomes)
{
    /// <summary>What names it from one version of the code to the next.</summary>
    public (string File, string Member, string Was, string Becomes) Key => (File, Member, Was, Becomes);
}
