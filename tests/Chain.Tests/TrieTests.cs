// The trie of receipts, beside Nethereum's: two programs that share no line give one root.
using System.Globalization;
using EventSourced.Ethereum.Receipts;
using EventSourced.Testing;
using Nethereum.Merkle.Patricia;
using Nethereum.RLP;

namespace EventSourced.Chain.Tests;

public class TrieTests
{
    private const int MostItems = 300;
    private const int LongestItem = 600;

    [Fact]
    public void The_root_of_any_list_is_the_one_that_Nethereum_makes() => Seed.Run(random =>
    {
        for (var round = 0; round < 30; round++)
        {
            // The sizes around which keys grow by a byte.
            var count = round switch { 0 => 1, 1 => 127, 2 => 128, 3 => 256, _ => random.Next(1, MostItems) };
            var items = Enumerable.Range(0, count).Select(_ =>
            {
                var item = new byte[random.Next(1, LongestItem)];
                random.NextBytes(item);
                return item;
            }).ToList();
            var trie = new PatriciaTrie();
            for (var i = 0; i < count; i++) trie.Put(RLP.EncodeElement(i.ToBytesForRLPEncoding()), items[i]);
            Assert.Equal(
                string.Create(CultureInfo.InvariantCulture, $"{count}: {OrderedTrie.Root(items)}"),
                string.Create(
                    CultureInfo.InvariantCulture, $"{count}: 0x{Convert.ToHexStringLower(trie.Root.GetHash())}"));
        }
    });
}
