// Arguments, environment, clocks, randomness, exit: wasi_snapshot_preview1.
using System.Buffers.Binary;
using System.Security.Cryptography;
using EventSourced.Sandbox.Wasi;

namespace EventSourced.Sandbox.Tests.Wasi;

public sealed class SurroundingsTests
{
    [Fact]
    public void Arguments_stand_one_after_another_with_their_zeros()
    {
        var guest = new WasiGuest(new WasiWorld().WithArgs("agent", "größe", ""));

        Assert.Equal(Errno.Success, guest.Call("args_sizes_get", 0, 4));
        Assert.Equal(3, guest.Memory.ReadInt32(0));
        Assert.Equal(6 + 8 + 1, guest.Memory.ReadInt32(4));

        Assert.Equal(Errno.Success, guest.Call("args_get", 100, 200));
        Assert.Equal("agent", guest.Memory.ReadNullTerminatedString(guest.Memory.ReadInt32(100)));
        Assert.Equal("größe", guest.Memory.ReadNullTerminatedString(guest.Memory.ReadInt32(104)));
        Assert.Equal("", guest.Memory.ReadNullTerminatedString(guest.Memory.ReadInt32(108)));
        Assert.Equal(200 + 6 + 8, guest.Memory.ReadInt32(108));
    }

    [Fact]
    public void The_environment_holds_what_was_given_and_nothing_of_the_machine()
    {
        var guest = new WasiGuest(new WasiWorld().WithEnvironmentVariable("MODE", "fast=yes"));

        Assert.Equal(Errno.Success, guest.Call("environ_sizes_get", 0, 4));
        Assert.Equal(1, guest.Memory.ReadInt32(0));
        Assert.Equal(Errno.Success, guest.Call("environ_get", 100, 200));
        Assert.Equal("MODE=fast=yes", guest.Memory.ReadNullTerminatedString(guest.Memory.ReadInt32(100)));
    }

    [Fact]
    public void A_name_with_an_equals_sign_and_a_text_with_a_zero_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new WasiWorld().WithEnvironmentVariable("A=B", "c"));
        Assert.Throws<ArgumentException>(() => new WasiWorld().WithEnvironmentVariable("A", "b\0c"));
        Assert.Throws<ArgumentException>(() => new WasiWorld().WithArgs("a\0b"));
    }

    [Fact]
    public void A_fixed_clock_stands_still()
    {
        var guest = new WasiGuest(new WasiWorld().WithFixedClock(1_234_567));
        foreach (var clock in new[] { 0, 1, 2, 3, 0 })
        {
            Assert.Equal(Errno.Success, guest.Call("clock_time_get", clock, 0, 8));
            Assert.Equal(1_234_567, guest.Memory.ReadInt64(8));
        }
    }

    [Fact]
    public void A_logical_clock_moves_on_by_its_step_whichever_clock_is_looked_at()
    {
        var guest = new WasiGuest(new WasiWorld().WithLogicalClock(100, 7));
        for (var look = 0; look < 5; look++)
        {
            Assert.Equal(Errno.Success, guest.Call("clock_time_get", look % 4, 0, 8));
            Assert.Equal(100 + (7 * look), guest.Memory.ReadInt64(8));
        }

        Assert.Equal(Errno.Success, guest.Call("clock_res_get", 1, 8));
        Assert.Equal(7, guest.Memory.ReadInt64(8));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(-1)]
    public void An_unknown_clock_is_invalid(int clock)
    {
        var guest = new WasiGuest();
        Assert.Equal(Errno.Invalid, guest.Call("clock_time_get", clock, 0, 8));
        Assert.Equal(Errno.Invalid, guest.Call("clock_res_get", clock, 8));
    }

    [Fact]
    public void Random_bytes_are_SHA_256_over_seed_and_block()
    {
        var key = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(key, 42);
        var first = SHA256.HashData(key);
        key[8] = 1;
        byte[] expected = [.. first, .. SHA256.HashData(key)];

        // However the guest cuts its requests, it gets the same bytes.
        var guest = new WasiGuest(new WasiWorld().WithRandomSeed(42));
        var at = 0;
        foreach (var length in new[] { 1, 0, 30, 5, 28 })
        {
            Assert.Equal(Errno.Success, guest.Call("random_get", 100 + at, length));
            at += length;
        }

        Assert.Equal(expected, guest.Memory.GetSpan(100, 64).ToArray());
    }

    [Fact]
    public void Other_seeds_give_other_bytes()
    {
        var (one, two) = (new WasiGuest(), new WasiGuest(new WasiWorld().WithRandomSeed(1)));
        one.Call("random_get", 0, 32);
        two.Call("random_get", 0, 32);
        Assert.NotEqual(one.Memory.GetSpan(0, 32).ToArray(), two.Memory.GetSpan(0, 32).ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(-7)]
    public void Proc_exit_ends_the_guest_with_its_code(int code)
    {
        var ended = Assert.Throws<WasiExitException>(() => new WasiGuest().Call("proc_exit", code));
        Assert.Equal(code, ended.ExitCode);
    }

    [Fact]
    public void Yielding_succeeds_and_does_nothing() =>
        Assert.Equal(Errno.Success, new WasiGuest().Call("sched_yield"));

    [Theory]
    [InlineData("fd_advise", Errno.NotSupported)]
    [InlineData("fd_allocate", Errno.ReadOnly)]
    [InlineData("fd_datasync", Errno.NotSupported)]
    [InlineData("fd_fdstat_set_flags", Errno.NotSupported)]
    [InlineData("fd_fdstat_set_rights", Errno.NotSupported)]
    [InlineData("fd_filestat_set_size", Errno.ReadOnly)]
    [InlineData("fd_filestat_set_times", Errno.ReadOnly)]
    [InlineData("fd_pwrite", Errno.ReadOnly)]
    [InlineData("fd_renumber", Errno.NotSupported)]
    [InlineData("fd_sync", Errno.NotSupported)]
    [InlineData("path_create_directory", Errno.ReadOnly)]
    [InlineData("path_filestat_set_times", Errno.ReadOnly)]
    [InlineData("path_link", Errno.ReadOnly)]
    [InlineData("path_readlink", Errno.Invalid)]
    [InlineData("path_remove_directory", Errno.ReadOnly)]
    [InlineData("path_rename", Errno.ReadOnly)]
    [InlineData("path_symlink", Errno.ReadOnly)]
    [InlineData("path_unlink_file", Errno.ReadOnly)]
    [InlineData("poll_oneoff", Errno.NotSupported)]
    [InlineData("proc_raise", Errno.NotSupported)]
    [InlineData("sock_accept", Errno.NotSupported)]
    [InlineData("sock_recv", Errno.NotSupported)]
    [InlineData("sock_send", Errno.NotSupported)]
    [InlineData("sock_shutdown", Errno.NotSupported)]
    public void What_is_not_offered_is_refused_by_errno(string name, Errno answer)
    {
        var guest = new WasiGuest();
        var parameters = WasiGuest.Functions.Single(function => function.Name == name).Parameters;
        Assert.Equal(answer, guest.Call(name, [.. parameters.Select(_ => 3L)]));
    }
}
