// Accounts that change without a restart: the folder is all that is asked.
using EventSourced.Chain.Signing;
using EventSourced.Commands;
using EventSourced.Ethereum;
using EventSourced.Testing;
using EventSourced.Workers.Relaying;

namespace EventSourced.Workers.Tests;

[Collection(ShoreTests.Name)]
public sealed class KeyringTests(Shore shore) : IDisposable
{
    private const string Password = "not a secret";
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly string _folder = Directory.CreateTempSubdirectory("es-keys-").FullName;

    private string PasswordFile => Path.Combine(_folder, "password");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Files_that_come_serve_and_files_that_go_are_forgotten()
    {
        using var one = SigningKey.Generate();
        using var two = SigningKey.Generate();
        using var keys = Folder();
        await keys.LookAsync(None);
        Assert.Empty(keys.Addresses);
        Write(one, "one.json");
        await keys.LookAsync(None);
        Assert.Equal([one.Address], keys.Addresses);
        Write(two, "two.json");
        File.Delete(Path.Combine(_folder, "one.json"));
        await keys.LookAsync(None);
        Assert.Equal([two.Address], keys.Addresses);
        Assert.Null(keys[one.Address]);
    }

    [Fact]
    public async Task A_file_that_cannot_be_opened_is_named_and_the_others_serve()
    {
        using var one = SigningKey.Generate();
        Write(one, "one.json");
        await File.WriteAllTextAsync(Path.Combine(_folder, "spoiled.json"), "{}");
        using var keys = Folder();
        await keys.LookAsync(None);
        Assert.Equal([one.Address], keys.Addresses);
        Assert.StartsWith("spoiled.json: expected", Assert.Single(keys.Complaints), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_account_takes_over_while_the_host_runs()
    {
        await using var office = await Office.OpenAsync(shore);
        using var old = await shore.AccountAsync();
        using var fresh = await shore.AccountAsync();
        using var person = SigningKey.Generate();
        Write(old, "old.json");
        using var keys = Folder();
        var host = office.Start(keys);
        await office.ReachesAsync(await office.AcceptAsync(office.Register(person, 0, "first")), Phase.Included);
        Write(fresh, "fresh.json");
        File.Delete(Path.Combine(_folder, "old.json"));
        await Eventually.TrueAsync(async () => (await host.Relayer.FiguresAsync(None)).Accounts is [var only]
            && only.Address == fresh.Address);
        var second = await office.AcceptAsync(office.Register(person, 1, "second"));
        await office.ReachesAsync(second, Phase.Included);
        Assert.Equal(fresh.Address, (await office.StatusAsync(second)).Signer);
        await office.DrainAsync();
        Assert.Equal(2UL, await shore.AgentsOfAsync(person.Address));
    }

    private Keyring Folder()
    {
        File.WriteAllText(PasswordFile, Password + "\n");
        return Keyring.InFolder(_folder, PasswordFile);
    }

    // A cheap derivation: the files are a test's.
    private void Write(SigningKey key, string name) =>
        File.WriteAllText(Path.Combine(_folder, name), KeyFile.Encrypt(key, Password, n: 2));
}
