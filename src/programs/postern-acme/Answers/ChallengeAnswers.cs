namespace Postern.Acme.Answers;

/// <summary>What an authority finds when it looks: for each token that it gave us, the token and our key's thumbprint (RFC 8555 §8.1).</summary>
internal sealed class ChallengeAnswers
{
    private readonly Dictionary<string, string> _answers = new(StringComparer.Ordinal);

    /// <summary>Answers for a token from now on.</summary>
    internal void Add(string token, string thumbprint) => _answers[token] = $"{token}.{thumbprint}";

    /// <summary>No longer.</summary>
    internal void Remove(string token) => _answers.Remove(token);

    /// <summary>The answer; null when there is none.</summary>
    internal string? Find(string token) => _answers.GetValueOrDefault(token);
}
