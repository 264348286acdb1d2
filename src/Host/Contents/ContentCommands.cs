// es content ls|put|get|pin|unpin|gc|fetch: an operator's direct access to the store's folder, beside hosts that use
// it. Enters: flags and settings. Leaves: names, bytes, sums. Always holds: without a database that tells the content
// in use, nothing is collected, unless the operator says so in a flag of its own; exit codes are 0 done, 1 not there or
// refused, 2 wrong usage.
using System.CommandLine;
using EventSourced.Content;
using EventSourced.Host.Serving;
using EventSourced.Host.Settings;
using Npgsql;

namespace EventSourced.Host.Contents;

/// <summary>The command `content`.</summary>
internal static class ContentCommands
{
    private const int Missing = 1;

    private static readonly Setting[] Settings =
    [
        Setting.Content, Setting.ContentBlobMebibytes, Setting.ContentQuotaMebibytes, Setting.ContentKeepHours,
        Setting.ContentPeers, Setting.ContentPrivatePeers,
    ];

    /// <summary>The command.</summary>
    public static Command Create() => new("content", "Content by hash: lists, puts, gets, pins and collects it.")
    {
        List(), Put(), Get(), Pin("pin", "Keeps content whatever its age.", isPinned: true),
        Pin("unpin", "Lets content go with its age.", isPinned: false), Collect(), Fetch(),
    };

    private static Command List()
    {
        var command = new Command("ls", "One line a blob: CID, bytes, when it was stored, whether it is pinned.");
        return Acting(command, Settings, async (_, opened, cancellation) =>
        {
            foreach (var entry in opened.Store.List())
                Console.WriteLine(
                    FormattableString.Invariant(
                        $"{entry.Cid} {entry.Length,12} {entry.StoredAt:yyyy-MM-ddTHH:mm:ssZ} {(entry.IsPinned ? "pinned" : "-")}"));
            var used = await opened.Store.UsedAsync(cancellation).ConfigureAwait(false);
            await Console.Error.WriteLineAsync(
                FormattableString.Invariant($"{used} bytes of {opened.Store.Options.QuotaBytes}"))
                .ConfigureAwait(false);
            return 0;
        });
    }

    private static Command Put()
    {
        var file = new Argument<string>("FILE") { Description = "The file, or - for standard input." };
        var pin = new Option<bool>("--pin") { Description = "Pins it, too." };
        var command = new Command("put", "Stores a file and prints its CID.") { file, pin };
        return Acting(command, Settings, async (parsed, opened, cancellation) =>
        {
            var path = parsed.GetValue(file)!;
            using var stream = path == "-" ? Console.OpenStandardInput() : File.OpenRead(path);
            var stored = await opened.Store.PutAsync(stream, null, cancellation).ConfigureAwait(false);
            if (parsed.GetValue(pin)) await opened.Store.PinAsync(stored.Cid, cancellation).ConfigureAwait(false);
            Console.WriteLine(stored.Cid);
            return 0;
        });
    }

    private static Command Get()
    {
        var (cid, output) = (Named(), new Option<string?>("--output") { Description = "Writes to this file." });
        var command = new Command("get", "Writes content, its hash checked, to standard output.") { cid, output };
        return Acting(command, Settings, async (parsed, opened, cancellation) =>
        {
            var name = Cid.Parse(parsed.GetValue(cid)!);
            if (await opened.Store.OpenAsync(name, cancellation).ConfigureAwait(false) is not { } blob)
                return await NoneAsync(name).ConfigureAwait(false);
            await using var closing = blob.ConfigureAwait(false);
            using var target = parsed.GetValue(output) is { } path ? File.Create(path) : Console.OpenStandardOutput();
            await blob.CopyToAsync(target, cancellation).ConfigureAwait(false);
            return 0;
        });
    }

    private static Command Pin(string word, string description, bool isPinned)
    {
        var cid = Named();
        return Acting(new Command(word, description) { cid }, Settings, async (parsed, opened, cancellation) =>
        {
            var name = Cid.Parse(parsed.GetValue(cid)!);
            var done = isPinned
                ? await opened.Store.PinAsync(name, cancellation).ConfigureAwait(false)
                : await opened.Store.UnpinAsync(name, cancellation).ConfigureAwait(false);
            return done ? 0 : await NoneAsync(name).ConfigureAwait(false);
        });
    }

    private static Command Collect()
    {
        var blind = new Option<bool>("--without-rows")
        {
            Description = "Removes by age alone, also what tasks and agents name; without a database nothing else can.",
        };
        var command = new Command("gc", "Removes what is old, not pinned, and named by no live row.") { blind };
        return Acting(command, [.. Settings, Setting.Database], async (parsed, opened, cancellation) =>
        {
            HashSet<Cid> used = [];
            if (!parsed.GetValue(blind))
            {
                if (opened.Layers.Find(Setting.Database) is not { } database)
                    throw new FormatException(
                        $"database: expected the index that says what is in use, or --without-rows; found neither; where: flag {Setting.Database.Flag}, environment variable {Setting.Database.Variable}");
                var source = NpgsqlDataSource.Create(DatabaseAddress.ToConnectionString(database.Text));
                await using var closing = source.ConfigureAwait(false);
                used = await new ContentUse(source, opened.Store).FindAsync(cancellation).ConfigureAwait(false);
            }

            var done = await opened.Store.CollectAsync(
                opened.Settings.KeepFor, (cid, _) => Task.FromResult(used.Contains(cid)), cancellation)
                .ConfigureAwait(false);
            Console.WriteLine(
                FormattableString.Invariant(
                    $"removed {done.Removed} ({done.RemovedBytes} bytes), kept {done.Kept}, {done.KeptInUse} of them old and in use"));
            return 0;
        });
    }

    private static Command Fetch()
    {
        var cid = Named();
        var command = new Command("fetch", "Brings content from the peers (--content-peers) into the store.") { cid };
        return Acting(command, Settings, async (parsed, opened, cancellation) =>
        {
            var name = Cid.Parse(parsed.GetValue(cid)!);
            using var peers = ContentPart.PeersOf(
                opened.Store, opened.Settings, (peer, why) => Console.Error.WriteLine($"{peer.Name}: {why}"));
            return peers is not null && await peers.FetchAsync(name, cancellation).ConfigureAwait(false)
                ? 0 : await NoneAsync(name).ConfigureAwait(false);
        });
    }

    private static Argument<string> Named() => new("CID") { Description = "The content's name." };

    private static async Task<int> NoneAsync(Cid cid)
    {
        await Console.Error.WriteLineAsync($"es content: expected {cid}, found none").ConfigureAwait(false);
        return Missing;
    }

    private static Command Acting(
        Command command, IReadOnlyList<Setting> settings,
        Func<ParseResult, Opened, CancellationToken, Task<int>> act)
    {
        var options = new SettingOptions(command, settings);
        command.SetAction(async (parsed, cancellation) =>
        {
            var layers = options.Read(parsed);
            var content = ContentSettings.Read(layers);
            if (content is null)
                layers.Complain(
                    Setting.Content, "the folder of the content", "nothing",
                    $"flag {Setting.Content.Flag}, environment variable {Setting.Content.Variable}");
            if (layers.Complaints.Count > 0)
                return await ServeCommand.RefuseAsync("content", layers.Complaints).ConfigureAwait(false);
            try
            {
                using var store = new ContentStore(content!.Store);
                return await act(parsed, new Opened(layers, content, store), cancellation).ConfigureAwait(false);
            }
            catch (ContentRefusedException refusal)
            {
                await Console.Error.WriteLineAsync($"es content: {refusal.Message}").ConfigureAwait(false);
                return Missing;
            }
            catch (Exception wrong) when (wrong is FormatException or IOException or UnauthorizedAccessException
                or NpgsqlException)
            {
                return await ServeCommand.RefuseAsync("content", [wrong.Message]).ConfigureAwait(false);
            }
        });
        return command;
    }

    private sealed record Opened(Layers Layers, ContentSettings Settings, ContentStore Store);
}
