using System.Text;
using Postern.Config;
using Postern.Config.Errors;
using Postern.Config.Files;
using Postern.Config.Sections;
using Postern.Config.Slicing;
using Postern.Fuzz.Frames;
using Postern.Fuzz.Oracles;

namespace Postern.Fuzz.Configurations;

/// <summary>postern.toml: errors stand in the file and can be shown; without any, each program takes the slice that was cut for it.</summary>
internal static class ConfigurationTarget
{
    private const string Name = "postern.toml";

    internal static void Run(ReadOnlySpan<byte> input)
    {
        var errors = new ErrorList();
        var read = ConfigurationReader.Read(Name, input, new NoFiles(), errors);
        Demand.Equal(read is null, !errors.IsEmpty, "errors");
        int lines = input.Count((byte)'\n') + 2;
        foreach (var error in errors.InOrder(Name).Concat(errors.WarningsInOrder(Name)))
        {
            Demand.That(error.Message.All(letter => letter is >= ' ' and <= '~'), "an error that can't be shown");
            Demand.That(error.Place.File != Name || (error.Place.Line >= 1 && error.Place.Line <= lines), $"an error on line {error.Place.Line} of {lines}");
        }
        if (read is null) return;
        // Six of the eight are read here by what reads them in their programs.
        int[] taken = [.. SliceSet.Cut(read).Select(SliceTarget.Judge)];
        Demand.That(taken is [1, 1, 1, 1, 1, _, 1, _, 1, 1, var acme] && acme == (read.Acme is null ? 0 : 1), $"slices that are taken {string.Join(' ', taken)} times");
    }

    /// <summary>Every file that a configuration names is the same small one.</summary>
    internal sealed class NoFiles : IFileSource
    {
        public string? Read(string path, int maximum, out byte[] content)
        {
            content = path.EndsWith('x') ? [] : Encoding.ASCII.GetBytes("root: postmaster\nnameserver 192.0.2.1\n");
            return path.EndsWith('x') ? "no such file" : null;
        }
    }
}
