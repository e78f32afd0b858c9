using Postern.Text;

namespace Postern.Sts;

/// <summary>Gathers a policy's fields line by line (RFC 8461 §3.2).</summary>
internal sealed class PolicyFields
{
    /// <summary>The most digits of max_age (§3.2, sts-policy-max-age-value).</summary>
    internal const int MaxDigits = 10;

    private readonly List<ExchangerPattern> _exchangers = [];
    private bool _hasVersion;
    private StsMode? _mode;
    private uint? _maxAge;

    /// <summary>The mode, when complete.</summary>
    internal StsMode Mode => _mode.GetValueOrDefault();

    /// <summary>Seconds, when complete.</summary>
    internal uint MaxAge => _maxAge.GetValueOrDefault();

    /// <summary>The patterns so far, in their order.</summary>
    internal IReadOnlyList<ExchangerPattern> Exchangers => _exchangers;

    /// <summary>True when every field is there that a policy needs.</summary>
    internal bool AreComplete => _hasVersion && _maxAge is not null && _mode is { } mode && (mode == StsMode.None || _exchangers.Count > 0);

    /// <summary>Takes a line without its end.</summary>
    /// <returns>False when it is no field, or one of ours with a wrong value: then the whole is no policy.</returns>
    internal bool Take(ReadOnlySpan<byte> line)
    {
        int colon = line.IndexOf((byte)':');
        if (colon < 0) return false;
        var name = line[..colon];
        var value = line[(colon + 1)..].Trim(" \t"u8);
        if (!FieldName.IsValid(name) || !IsValue(value)) return false;
        // Names have one case (%s in the grammar): "MX" is some other field.
        if (name.SequenceEqual("mx"u8)) return TakeExchanger(value);
        if (name.SequenceEqual("version"u8)) return TakeVersion(value);
        if (name.SequenceEqual("mode"u8)) return TakeMode(value);
        return !name.SequenceEqual("max_age"u8) || TakeMaxAge(value);
    }

    /// <summary>UTF-8 without controls (sts-policy-ext-value), which the values of our fields are as well.</summary>
    private static bool IsValue(ReadOnlySpan<byte> value) =>
        !value.IsEmpty && !value.ContainsAnyInRange((byte)0, (byte)0x1f) && !value.Contains((byte)0x7f) && Utf8Text.IsValid(value);

    private bool TakeVersion(ReadOnlySpan<byte> value)
    {
        if (_hasVersion) return true;
        _hasVersion = true;
        return value.SequenceEqual("STSv1"u8);
    }

    private bool TakeMode(ReadOnlySpan<byte> value)
    {
        if (_mode is not null) return true;
        if (value.SequenceEqual("enforce"u8)) _mode = StsMode.Enforce;
        else if (value.SequenceEqual("testing"u8)) _mode = StsMode.Testing;
        else if (value.SequenceEqual("none"u8)) _mode = StsMode.None;
        return _mode is not null;
    }

    private bool TakeMaxAge(ReadOnlySpan<byte> value)
    {
        if (_maxAge is not null) return true;
        if (value.Length > MaxDigits || !DecimalText.TryRead(value, StsPolicy.MaxSeconds, out uint seconds)) return false;
        _maxAge = seconds;
        return true;
    }

    private bool TakeExchanger(ReadOnlySpan<byte> value)
    {
        if (_exchangers.Count == StsPolicy.MaxExchangers || !ExchangerPattern.TryParse(value, out var pattern)) return false;
        _exchangers.Add(pattern);
        return true;
    }
}
