// A process of its own that writes into a store until it is killed. Arguments: write, the folder, a seed. Leaves: a
// line for each blob that it was told is stored: the CID and the length.
using System.Globalization;

namespace EventSourced.Content.Tests;

public static class Writer
{
    private const int MostBlobs = 10_000;
    private const int MostBytes = 40_000;

    public static async Task<int> Main(string[] args)
    {
        if (args is not ["write", var folder, var seed]) return 2;
        var random = new Random(int.Parse(seed, CultureInfo.InvariantCulture));
        using var store = new ContentStore(new ContentOptions { Folder = folder });
        for (var i = 0; i < MostBlobs; i++)
        {
            var bytes = new byte[random.Next(MostBytes)];
            random.NextBytes(bytes);
            var stored = await store.PutAsync(bytes, CancellationToken.None);
            Console.WriteLine($"{stored.Cid} {stored.Length}");
        }

        return 0;
    }
}
