// Numbers of every size reach PostgreSQL and JSON, and come back: the digits are made by hand, limb by limb.
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using EventSourced.Domain.Values;
using EventSourced.MartenBulk;
using EventSourced.Tables;
using EventSourced.Testing;
using Npgsql;

namespace EventSourced.Indexer.Tests.Pipeline;

public sealed class WireTests
{
    private const int Rows = 4_000;

    public sealed record Numbers(ulong Key, UInt256 Large, Int256 Signed, UInt128 Amount, Int128 Change);

    [Fact]
    public Task Numbers_of_every_size_are_stored_as_they_are() => Seed.RunAsync(async random =>
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using (var create = new NpgsqlCommand(
            "create table numbers (key bigint, large numeric, signed numeric, amount numeric, change numeric)",
            connection))
            await create.ExecuteNonQueryAsync();
        var made = Enumerable.Range(0, Rows).Select(key => Draw((ulong)key, random)).ToList();
        var codec = RowCodec<Numbers>.Shared;
        using (var rows = new CopyBuffer())
        {
            foreach (var one in made)
            {
                rows.Row(5);
                codec.Write(rows, one);
            }

            await rows.SendAsync(connection, "copy numbers from stdin (format binary)", CancellationToken.None);
        }

        await using var read = new NpgsqlCommand(
            "select key, large, signed, amount, change, large::text, signed::text from numbers order by key",
            connection);
        await using var reader = await read.ExecuteReaderAsync();
        foreach (var one in made)
        {
            Assert.True(await reader.ReadAsync());
            Assert.Equal(one, codec.Read(reader));
            Assert.Equal(one.Large.ToBigInteger().ToString(CultureInfo.InvariantCulture), reader.GetString(5));
            Assert.Equal(one.Signed.ToBigInteger().ToString(CultureInfo.InvariantCulture), reader.GetString(6));
        }
    });

    [Fact]
    public void Numbers_of_every_size_come_back_from_JSON() => Seed.Run(random =>
    {
        for (var key = 0; key < Rows; key++)
        {
            var one = Draw((ulong)key, random);
            Assert.Equal(one, JsonSerializer.Deserialize<Numbers>(JsonSerializer.Serialize(one)));
        }
    });

    [Theory]
    [InlineData("\"115792089237316195423570985008687907853269984665640564039457584007913129639936\"")]
    [InlineData("\"-1\"")]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("\" 1\"")]
    [InlineData(
        "\"00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001\"")]
    public void What_is_no_number_of_256_bits_is_refused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<UInt256>(json));

    private static Numbers Draw(ulong key, Random random)
    {
        var large = Bits(random, 256);
        var signed = Bits(random, 255) * (random.Next(2) == 0 ? 1 : -1) - random.Next(2);
        return new Numbers(
            key, UInt256.From(large), Int256.From(signed), (UInt128)Bits(random, 128),
            (Int128)(Bits(random, 127) * (random.Next(2) == 0 ? 1 : -1)));
    }

    // Any length is as likely as another; now and then all ones, a power of ten or of two.
    private static BigInteger Bits(Random random, int most)
    {
        var bits = random.Next(most + 1);
        var bytes = new byte[bits / 8 + 1];
        random.NextBytes(bytes);
        var limit = BigInteger.One << bits;
        return random.Next(8) switch
        {
            0 => limit - 1,
            1 => BigInteger.Min(BigInteger.Pow(10, random.Next(bits * 3 / 10 + 1)), limit - 1),
            2 => limit >> 1,
            _ => new BigInteger(bytes, isUnsigned: true) % limit,
        };
    }
}
