// Every event of the catalog with random values, made without the code under test: the ABI's types come from the
// catalog, the bytes from Nethereum's encoder, the expected record from its constructor by reflection.
using System.Numerics;
using System.Reflection;
using EventSourced.Chain.Encoding;
using EventSourced.Domain.Events;
using EventSourced.Domain.Values;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;
using EventSourced.EventGenerator;
using EventSourced.Testing;
using Address = EventSourced.Domain.Values.Address;
using Int256 = EventSourced.Domain.Values.Int256;
using UInt256 = EventSourced.Domain.Values.UInt256;
using Wide = EventSourced.Ethereum.UInt256;

namespace EventSourced.Indexer.Tests.Decoding;

/// <summary>A log as the chain would emit it, and the record that it means.</summary>
internal sealed record Sample(ContractName Contract, byte[] Topics, byte[] Data, ChainEvent Expected);

internal sealed class CatalogSamples
{
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    public static Catalog Catalog { get; } = Catalog.Parse(
        File.ReadAllText(Path.Combine(Root, "docs", "events", "catalog.v1.json")));

    public static IReadOnlyList<(ContractName Contract, CatalogEvent Event)> Events { get; } =
        [.. Catalog.Contracts.SelectMany(
            contract => contract.Events.Select(one => (Enum.Parse<ContractName>(contract.Name), one)))];

    /// <summary>One log of an event.</summary>
    public static Sample Of(Random random, ContractName contract, CatalogEvent one)
    {
        var record = typeof(ChainEvent).Assembly.GetType($"EventSourced.Domain.Events.{one.Record}", throwOnError: true)!;
        var parameters = record.GetConstructors().Single(
            made => made.GetParameters().Length == one.Fields.Length).GetParameters();
        var topics = new List<byte>(Convert.FromHexString(one.Topic0.AsSpan(2)));
        var (types, values, arguments) = (new List<AbiType>(), new List<AbiValue>(), new List<object>());
        foreach (var (field, parameter) in one.Fields.Zip(parameters))
        {
            // An indexed string stands in its topic as the hash: any 32 bytes.
            var hashed = field.Indexed && field.IsDynamic;
            var type = hashed ? AbiType.Parse("bytes32") : TypeOf(field);
            var value = Value(random, type, parameter.ParameterType);
            arguments.Add(Argument(value, parameter.ParameterType));
            if (field.Indexed)
            {
                topics.AddRange(AbiEncoder.Encode([type], [value]));
                continue;
            }

            types.Add(type);
            values.Add(value);
        }

        return new Sample(contract, [.. topics], AbiEncoder.Encode(types, values),
            (ChainEvent)Activator.CreateInstance(record, [.. arguments])!);
    }

    public static AbiType TypeOf(Field field) =>
        field.Components is { } components
            ? new AbiType.Tuple([.. components.Select(TypeOf)]) : AbiType.Parse(field.Type);

    // Numbers fill the record's type, not the ABI's: what is wider is another test's.
    private static AbiValue Value(Random random, AbiType type, Type target) => type switch
    {
        AbiType.Unsigned unsigned => Number(random, Math.Min(unsigned.Bits, BitsOf(target))),
        AbiType.Signed signed => Signed(random, Math.Min(signed.Bits, BitsOf(target))),
        AbiType.Boolean => random.Next(2) == 1,
        AbiType.AddressType => new Ethereum.Address(Mutations.Random(random, 20)),
        AbiType.FixedBytes => Mutations.Random(random, 32),
        AbiType.Bytes => Mutations.Random(random, random.Next(100)),
        AbiType.Text =>
            string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => Letters[random.Next(Letters.Length)])),
        AbiType.DynamicArray array =>
            AbiValue.Of([.. Enumerable.Range(
                0, random.Next(4)).Select(_ => Value(random, array.Element, target.GetGenericArguments()[0]))]),
        AbiType.Tuple tuple =>
            AbiValue.Of([.. tuple.Fields.Zip(
                FieldsOf(target), (field, parameter) => Value(random, field, parameter.ParameterType))]),
        _ => throw new NotSupportedException($"expected a type of the catalog, found {type}"),
    };

    private static readonly string[] Letters = ["a", "Z", "0", " ", "ä", "中", "🙂", "\"", "\\", "\n"];

    private static object Argument(AbiValue value, Type target) => value switch
    {
        AbiValue.Unsigned number => FromUnsigned(number.Value, target),
        AbiValue.Signed number => FromSigned(number.Value, target),
        AbiValue.Boolean truth => truth.Value,
        AbiValue.Account account => new Address(account.Value.Bytes),
        AbiValue.Bytes bytes when target == typeof(Word) => new Word(bytes.Value.Span),
        AbiValue.Bytes bytes => new Bytes(bytes.Value.ToArray()),
        AbiValue.Text text => text.Value,
        AbiValue.Sequence sequence when target.IsGenericType => SequenceOf(sequence, target),
        AbiValue.Sequence sequence => Activator.CreateInstance(
            target,
            [.. sequence.Items.Zip(
                    FieldsOf(target), (item, parameter) => Argument(item, parameter.ParameterType))])!,
        _ => throw new NotSupportedException($"expected a value of the catalog, found {value}"),
    };

    private static object SequenceOf(AbiValue.Sequence sequence, Type target)
    {
        var item = target.GetGenericArguments()[0];
        var items = Array.CreateInstance(item, sequence.Items.Count);
        for (var i = 0; i < items.Length; i++) items.SetValue(Argument(sequence.Items[i], item), i);
        return Activator.CreateInstance(target, items)!;
    }

    private static object FromUnsigned(Wide value, Type target) =>
        target == typeof(Word) ? new Word(value.ToBigEndian())
        : target == typeof(UInt256) ? new UInt256(value.Upper, value.Lower)
        : target == typeof(UInt128) ? (UInt128)value
        : Convert.ChangeType((ulong)value, target, System.Globalization.CultureInfo.InvariantCulture);

    private static object FromSigned(BigInteger value, Type target) =>
        target == typeof(Int256) ? Int256.From(value) : (Int128)value;

    private static int BitsOf(Type target) =>
        target == typeof(byte)
            ? 8 : target == typeof(ushort) ? 16 : target == typeof(uint) ? 32 : target == typeof(ulong) ? 64
        : target == typeof(UInt128) || target == typeof(Int128) ? 128
        : 256;

    private static Wide Number(Random random, int bits)
    {
        // Edges are likelier than chance would have them.
        if (random.Next(8) == 0) return random.Next(2) == 0 ? Wide.Zero : Wide.MaxValue >> (256 - bits);
        return Wide.FromBigEndian(Mutations.Random(random, 32)) >> (256 - random.Next(1, bits + 1));
    }

    private static BigInteger Signed(Random random, int bits)
    {
        var magnitude = Number(random, bits - 1).ToBigInteger();
        return random.Next(2) == 0 ? magnitude : -magnitude - BigInteger.One;
    }

    private static ParameterInfo[] FieldsOf(Type structure) =>
        structure.GetConstructors().Single(
            made => made.GetParameters() is not [{ ParameterType: var only }] || only != structure).GetParameters();

    private static string FindRoot(string folder) =>
        File.Exists(Path.Combine(folder, "EventSourced.sln"))
            ? folder
            : FindRoot(Path.GetDirectoryName(folder)
                ?? throw new DirectoryNotFoundException("expected EventSourced.sln above this test, found none"));
}
