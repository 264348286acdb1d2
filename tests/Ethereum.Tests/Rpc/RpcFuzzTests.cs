// 100,000 replies from strangers: good ones with bytes changed, cut, doubled or moved, and random JSON. Each is read or
// refused with a named fault; nothing hangs, nothing takes memory out of proportion.
using System.Text;
using System.Text.Json;
using EventSourced.Ethereum.Logs;
using EventSourced.Ethereum.Rpc;
using EventSourced.Ethereum.Tests.Abi;
using EventSourced.Ethereum.Tests.Logs;
using EventSourced.Testing;

namespace EventSourced.Ethereum.Tests.Rpc;

public sealed class RpcFuzzTests
{
    private const int Replies = 100_000;
    private const int Kinds = 5;

    [Fact]
    public void Mutated_replies_are_read_or_refused_by_name() => Seed.Run(random =>
    {
        var logs = Encoding.UTF8.GetBytes(LogReaderTests.Reply(random, 4, timestamps: true));
        var header = """{"jsonrpc":"2.0","id":1,"result":{"number":"0x5","hash":"0xHASH","parentHash":"0xHASH","timestamp":"0x1","gasLimit":"0x5","baseFeePerGas":"0x7","extra":[1,{"a":null}]}}"""
            .Replace("HASH", new string('a', 64), StringComparison.Ordinal);
        var receipt = """{"jsonrpc":"2.0","id":1,"result":{"transactionHash":"0xHASH","blockHash":"0xHASH","blockNumber":"0x1","status":"0x1","gasUsed":"0x5","effectiveGasPrice":"0x7","from":"0xADDR","to":null,"contractAddress":"0xADDR","logs":[]}}"""
            .Replace("HASH", new string('a', 64), StringComparison.Ordinal).Replace(
                "ADDR", new string('b', 40), StringComparison.Ordinal);
        var error =
            """{"jsonrpc":"2.0","id":1,"error":{"code":3,"message":"execution reverted","data":{"data":"0x08c379a0","x":[]}}}""";
        byte[][] good = [logs, Encoding.UTF8.GetBytes(header), Encoding.UTF8.GetBytes(receipt),
            Encoding.UTF8.GetBytes(error)];
        var (read, refused) = (0, 0);
        for (var round = 0; round < Replies; round++)
        {
            var which = random.Next(good.Length);
            var body = random.Next(3) == 0 ? Garbled(random, good[which]) : Mutations.Of(random, good[which]);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                // Mostly by the reader that the reply was made for, else by any: nodes answer the wrong thing too.
                Read(random.Next(4) == 0 ? random.Next(Kinds) : which, body);
                read++;
            }
            catch (Exception fault) when (fault is JsonException or RpcErrorException or FormatException)
            {
                Assert.NotEqual("", fault.Message);
                refused++;
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 50L * body.Length + 256 * 1024);
        }

        Assert.True(read > Replies / 100 && refused > Replies / 10,
            $"expected both outcomes often, found {read} read and {refused} refused");
    });

    private static void Read(int kind, byte[] body)
    {
        switch (kind)
        {
            case 0:
                RpcEnvelope.Read(body, 1, (ref Utf8JsonReader reader) =>
                {
                    using var batch = new LogBatch();
                    var visitor = batch;
                    return LogReader.Read(ref reader, ref visitor);
                });
                break;
            case 1:
                RpcEnvelope.Read(body, 1, RpcReaders.Header);
                break;
            case 2:
                RpcEnvelope.Read(body, 1, RpcReaders.Receipt)?.Logs.Dispose();
                break;
            case 3:
                RpcEnvelope.ReadBatch(body, 1, new bool[1], new bool[1], RpcReaders.Anything);
                break;
            default:
                RpcNotification.Peek(body);
                RpcNotification.Read(body, RpcReaders.Header);
                break;
        }
    }

    /// <summary>
    /// The reply with JSON tokens swapped for other valid ones: what a node of another make might send.
    /// </summary>
    private static byte[] Garbled(Random random, byte[] good)
    {
        string[] tokens = ["null", "\"\"", "\"0x\"", "0", "-1", "1e400", "[]", "{}", "[[[[]]]]", "true",
            "\"\\u0030x1\"", "\"0xzz\"", "99999999999999999999"];
        var text = Encoding.UTF8.GetString(good);
        var starts = Enumerable.Range(0, text.Length).Where(i => text[i] is '"' or '[').ToArray();
        var at = starts[random.Next(starts.Length)];
        var end = text.IndexOfAny(['"', ']'], at + 1);
        return Encoding.UTF8.GetBytes(
            text[..at] + tokens[random.Next(tokens.Length)] + (end < 0 ? "" : text[(end + 1)..]));
    }
}
