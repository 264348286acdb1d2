// What a contract keeps, proven against the state root of a header. Enters: what a node answers to eth_getProof.
// Leaves: the words at the slots that were asked for, or the node of the proof that is wrong. Always holds: nothing is
// believed of an answer but nodes whose hashes lead to the state root; an answer is no larger than a proof may be.
using System.Text.Json;
using EventSourced.Ethereum.Json;
using EventSourced.Ethereum.RlpEncoding;
using EventSourced.Ethereum.Rpc;

namespace EventSourced.Ethereum.Proofs;

/// <summary>The words of a contract that were proven.</summary>
/// <param name="Words">One a slot, in the order asked; none where there is a fault.</param>
/// <param name="Fault">Why nothing is proven; null: it is.</param>
public sealed record ProvenStorage(IReadOnlyList<UInt256> Words, ProofFault? Fault);

/// <summary>An answer to eth_getProof, none of it believed yet.</summary>
/// <param name="Account">The nodes from the state root to the account.</param>
/// <param name="Slots">The nodes from the account's storage root to each slot.</param>
public sealed record StorageProof(IReadOnlyList<byte[]> Account, IReadOnlyList<IReadOnlyList<byte[]>> Slots)
{
    /// <summary>The most slots of one question.</summary>
    public const int MostSlots = 128;

    // What a proof is beside its nodes is the node's word, and nobody takes it.
    private const int AccountFields = 4;

    /// <summary>Asks for the proof of some slots of a contract at a block.</summary>
    public static Task<StorageProof> AskAsync(
        EthereumClient client, Address contract, IReadOnlyList<Hash32> slots, ulong block,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(slots);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(slots.Count, MostSlots);
        var call = new RpcCall("eth_getProof", json =>
        {
            json.WriteStringValue(contract.ToString("x", null));
            json.WriteStartArray();
            foreach (var slot in slots) json.WriteStringValue($"{slot}");
            json.WriteEndArray();
            json.WriteStringValue($"{BlockTag.Number(block)}");
        });
        return client.Rpc.CallAsync(call, (ref Utf8JsonReader reader) => Read(ref reader, slots.Count), cancellation);
    }

    /// <summary>Follows the account's nodes from the state root, then each slot's from the account.</summary>
    public ProvenStorage Prove(Hash32 stateRoot, Address contract, IReadOnlyList<Hash32> slots)
    {
        ArgumentNullException.ThrowIfNull(slots);
        var (account, fault) = TrieProof.Verify(stateRoot, contract.Bytes, Account);
        if (fault is not null) return Wrong($"{fault.Where} of the account's proof", fault.Expected, fault.Found);
        if (account is null) return Wrong("the account's proof", "an account", "the proof that there is none");
        if (!TryStorageRoot(account, out var root))
            return Wrong("the account's proof", "nonce, balance, storage root and code hash", "another value");
        var words = new UInt256[slots.Count];
        for (var i = 0; i < words.Length; i++)
        {
            var (word, wrong) = TrieProof.Verify(root, slots[i].Bytes, Slots[i]);
            if (wrong is not null)
                return Wrong($"{wrong.Where} of the proof of slot {slots[i]}", wrong.Expected, wrong.Found);
            // A word stands in the trie as a number. Zero does not stand there at all; anvil lets it stand.
            if (word is null) continue;
            var reader = new RlpReader(word);
            if (!reader.TryNumber(UInt256.ByteCount, out words[i]) || !reader.AtEnd)
                return Wrong($"the proof of slot {slots[i]}", "a word", Hex.ToText(word));
        }

        return new ProvenStorage(words, null);
    }

    private static bool TryStorageRoot(byte[] account, out Hash32 root)
    {
        root = default;
        var list = new RlpReader(account);
        if (!list.TryList(out var items) || !list.AtEnd) return false;
        var fields = new RlpReader(items);
        for (var field = 0; field < AccountFields; field++)
        {
            if (!fields.TryText(out var text) || (field >= 2 && text.Length != Hash32.ByteCount)) return false;
            if (field == 2) root = new Hash32(text);
        }

        return fields.AtEnd;
    }

    private static StorageProof Read(ref Utf8JsonReader reader, int slots)
    {
        JsonValues.Enter(ref reader, "a proof of an account");
        List<byte[]>? account = null;
        List<IReadOnlyList<byte[]>>? proofs = null;
        while (JsonValues.Field(ref reader))
        {
            if (JsonValues.Is(ref reader, "accountProof"u8)) account = Nodes(ref reader);
            else if (JsonValues.Is(ref reader, "storageProof"u8)) proofs = Slot(ref reader, slots);
            else JsonValues.SkipField(ref reader);
        }

        return proofs is null || proofs.Count == slots
            ? new StorageProof(
                account ?? throw JsonValues.Missing("accountProof", "a proof"),
                proofs ?? throw JsonValues.Missing("storageProof", "a proof"))
            : throw new JsonException($"expected proofs of {slots} slots, found {proofs.Count}");
    }

    private static List<IReadOnlyList<byte[]>> Slot(ref Utf8JsonReader reader, int slots)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw JsonValues.Expected("proofs of slots", ref reader);
        var proofs = new List<IReadOnlyList<byte[]>>();
        while (Item(ref reader))
        {
            if (proofs.Count == slots) throw new JsonException($"expected proofs of {slots} slots, found more");
            JsonValues.Enter(ref reader, "a proof of a slot");
            List<byte[]>? nodes = null;
            while (JsonValues.Field(ref reader))
            {
                if (JsonValues.Is(ref reader, "proof"u8)) nodes = Nodes(ref reader);
                else JsonValues.SkipField(ref reader);
            }

            proofs.Add(nodes ?? throw JsonValues.Missing("proof", "the proof of a slot"));
        }

        return proofs;
    }

    private static List<byte[]> Nodes(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw JsonValues.Expected("nodes of a proof", ref reader);
        var nodes = new List<byte[]>();
        while (Item(ref reader))
        {
            if (nodes.Count == TrieProof.MostNodes)
                throw new JsonException($"expected at most {TrieProof.MostNodes} nodes of a proof, found more");
            if (reader.TokenType != JsonTokenType.String
                || JsonValues.Plain(ref reader).Length > 2 * TrieProof.MostNodeBytes + 2)
                throw new JsonException($"expected a node of at most {TrieProof.MostNodeBytes} bytes, found another value");
            nodes.Add(JsonValues.Bytes(ref reader));
        }

        return nodes;
    }

    private static bool Item(ref Utf8JsonReader reader)
    {
        JsonValues.Advance(ref reader);
        return reader.TokenType != JsonTokenType.EndArray;
    }

    private static ProvenStorage Wrong(string where, string expected, string found) =>
        new([], new ProofFault(where, expected, found));
}
