namespace Postern.Mutants.Tests;

/// <summary>A sample with every form of member that the rewriting has to leave as it was.</summary>
internal static class Forms
{
    internal const string Expected = "4 7 12 4 True 6 1,2, 9 5";

    internal const string Source = """
        using System;
        using System.Collections.Generic;
        using System.Threading.Tasks;

        interface ITwice { int Twice(int value); }

        sealed class Box : ITwice
        {
            private int _value = 2 + 1;
            internal Box(int more) { _value += more; }
            internal int Value { get => _value; set { _value = value; } }
            internal int Next => _value + 1;
            int ITwice.Twice(int value) => value * 2;
            public static int operator +(Box left, int right) => left._value + right;
        }

        ref struct Cursor
        {
            private ReadOnlySpan<byte> _rest;
            internal Cursor(ReadOnlySpan<byte> bytes) { _rest = bytes; }
            internal ReadOnlySpan<byte> Take(int count) { var taken = _rest[..count]; _rest = _rest[count..]; return taken; }
        }

        public static class Forms
        {
            static bool TryHalf(int value, out int half) { half = value / 2; return value % 2 == 0; }
            static int Half(int value) => TryHalf(value, out int half) && half is var same ? same : 0;
            static async Task<int> LaterAsync(int value) { await Task.Yield(); return value; }
            static IEnumerable<int> Up(int to) { for (int at = 1; at <= to; at++) yield return at; }
            static T Same<T>(T value) where T : struct { return value; }
            static int Taken() { Span<byte> two = stackalloc byte[] { 4, 5 }; var cursor = new Cursor(two); cursor.Take(1); return cursor.Take(1)[0]; }

            public static string Run()
            {
                var box = new Box(1);
                string first = $"{box.Value}";
                box.Value = 6;
                var up = new System.Text.StringBuilder();
                foreach (int at in Up(2)) up.Append(at).Append(',');
                int Local(int value) { if (value > 3) return 9; else return 1; }
                return $"{first} {box.Next} {((ITwice)box).Twice(6)} {Half(8)} {TryHalf(2, out _)} {LaterAsync(6).Result} {up} {Local(4)} {Taken() + Same(1) + (box + 0) - 7}";
            }
        }
        """;
}
