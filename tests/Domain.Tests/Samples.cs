// Values that tests of the domain share: words, addresses and accounts, written as the contracts write them.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Tests;

/// <summary>Sample values.</summary>
internal static class Samples
{
    internal static readonly Address Client = Person(1);
    internal static readonly Address Owner = Person(2);
    internal static readonly Address Stranger = Person(3);
    internal static readonly UInt128 Credit = 1_000_000_000_000_000_000;

    internal static Address Person(byte number)
    {
        var bytes = new byte[Address.Length];
        bytes[^1] = number;
        return new Address(bytes);
    }

    internal static Word Hash(byte number)
    {
        var bytes = new byte[Word.Length];
        bytes[0] = 0xab;
        bytes[^1] = number;
        return new Word(bytes);
    }

    /// <summary>A number as a word.</summary>
    internal static Word Number(UInt128 number) => Account(0, number);

    /// <summary>An account of a kind with a plain id.</summary>
    internal static Word Account(byte kind, UInt128 id) => Account(kind, 0, id);

    /// <summary>An account of a kind: the upper 120 bits of its id, and the lower 128.</summary>
    internal static Word Account(byte kind, UInt128 high, UInt128 low) =>
        Word.Parse($"0x{kind:x2}{(ulong)(high >> 64):x14}{(ulong)high:x16}{(ulong)(low >> 64):x16}{(ulong)low:x16}");

    /// <summary>A pledge: an at-risk account by its tag.</summary>
    internal static Word Pledge(byte tag, UInt128 high, UInt128 low) => Account(6, (UInt128)tag << 112 | high, low);

    internal static Moved Move(Word from, Word to, UInt128 reference, UInt128 amount, byte reason) =>
        new(from, to, Number(reference), amount, reason);

    internal static void Granted(Decision decision) => Assert.Equal(Decision.Grant, decision);

    internal static void Refused(string code, Decision decision) =>
        Assert.Equal(code, Assert.IsType<Decision.Refused>(decision).Reason.Code);
}
