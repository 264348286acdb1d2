// The read-only file system in memory.
using System.Text;
using EventSourced.Sandbox.Wasi;

namespace EventSourced.Sandbox.Tests.Wasi;

public sealed class FileTests : IDisposable
{
    private const int Create = 1;
    private const int FolderOnly = 2;
    private const int Exclusive = 4;
    private const int Truncate = 8;

    private readonly WasiGuest _guest = new(new WasiWorld()
        .WithInputFile("input.txt", "0123456789"u8.ToArray())
        .WithInputFile("data/a.csv", "a"u8.ToArray())
        .WithInputFile("data/deep/b.csv", "bb"u8.ToArray()));

    public void Dispose() => _guest.Dispose();

    [Theory]
    [InlineData("input.txt")]
    [InlineData("./input.txt")]
    [InlineData("data/../input.txt")]
    [InlineData("data//deep/.././../input.txt")]
    public void A_file_opens_by_any_path_to_it(string path)
    {
        Assert.Equal(Errno.Success, _guest.Open(path));
        Assert.Equal(4, _guest.Memory.ReadInt32(8));
        Assert.Equal("0123", _guest.Read(4, 4));
        Assert.Equal("456789", _guest.Read(4, 400));
        Assert.Equal("", _guest.Read(4, 400));
    }

    [Fact]
    public void A_file_opens_from_the_folder_that_holds_it()
    {
        Assert.Equal(Errno.Success, _guest.Open("data", FolderOnly));
        Assert.Equal(Errno.Success, _guest.Open("deep/b.csv", folder: 4));
        Assert.Equal("bb", _guest.Read(5, 10));
    }

    [Theory]
    [InlineData("../input.txt")]
    [InlineData("data/../../input.txt")]
    [InlineData("/input.txt")]
    public void A_path_out_of_its_folder_is_not_allowed(string path) =>
        Assert.Equal(Errno.NotCapable, _guest.Open(path));

    [Fact]
    public void A_folder_is_a_border_even_where_the_file_beyond_it_exists()
    {
        Assert.Equal(Errno.Success, _guest.Open("data", FolderOnly));
        Assert.Equal(Errno.NotCapable, _guest.Open("../input.txt", folder: 4));
    }

    [Theory]
    [InlineData("missing", 0, Errno.NoEntry)]
    [InlineData("input.txt/x", 0, Errno.NoEntry)]
    [InlineData("missing", Create, Errno.ReadOnly)]
    [InlineData("input.txt", Create | Exclusive, Errno.Exists)]
    [InlineData("input.txt", Truncate, Errno.ReadOnly)]
    [InlineData("input.txt", FolderOnly, Errno.NotDirectory)]
    public void What_cannot_be_opened_says_why(string path, int flags, Errno answer) =>
        Assert.Equal(answer, _guest.Open(path, flags));

    [Fact]
    public void Opening_for_writing_is_refused() =>
        Assert.Equal(Errno.ReadOnly, _guest.Open("input.txt", rights: 64));

    [Fact]
    public void Writing_to_an_open_file_is_refused()
    {
        _guest.Open("input.txt");
        Assert.Equal(Errno.ReadOnly, _guest.Call("fd_write", 4, _guest.Vectors(100, "x"), 1, 8));
    }

    [Fact]
    public void Only_folders_are_opened_from()
    {
        _guest.Open("input.txt");
        Assert.Equal(Errno.NotDirectory, _guest.Open("x", folder: 4));
        Assert.Equal(Errno.BadDescriptor, _guest.Open("x", folder: 9));
    }

    [Fact]
    public void A_path_that_is_too_long_or_holds_a_zero_is_refused()
    {
        Assert.Equal(Errno.NameTooLong, _guest.Call("path_open", 3, 0, 0, 5_000, 0, 2, 0, 0, 8));
        Assert.Equal(Errno.Invalid, _guest.Open("in\0put"));
    }

    [Fact]
    public void Seeking_moves_where_the_next_read_begins()
    {
        _guest.Open("input.txt");
        Assert.Equal((Errno.Success, 7), (_guest.Call("fd_seek", 4, 7, 0, 16), (int)_guest.Memory.ReadInt64(16)));
        Assert.Equal("7", _guest.Read(4, 1));
        Assert.Equal((Errno.Success, 5), (_guest.Call("fd_seek", 4, -3, 1, 16), (int)_guest.Memory.ReadInt64(16)));
        Assert.Equal("56", _guest.Read(4, 2));
        Assert.Equal((Errno.Success, 9), (_guest.Call("fd_seek", 4, -1, 2, 16), (int)_guest.Memory.ReadInt64(16)));
        Assert.Equal("9", _guest.Read(4, 5));
        Assert.Equal((Errno.Success, 10), (_guest.Call("fd_tell", 4, 16), (int)_guest.Memory.ReadInt64(16)));
        Assert.Equal(Errno.Success, _guest.Call("fd_seek", 4, 1_000, 0, 16));
        Assert.Equal("", _guest.Read(4, 5));
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(-11, 2)]
    [InlineData(0, 3)]
    [InlineData(long.MinValue, 1)]
    public void Seeking_before_the_beginning_is_invalid(long offset, int whence)
    {
        _guest.Open("input.txt");
        Assert.Equal(Errno.Invalid, _guest.Call("fd_seek", 4, offset, whence, 16));
    }

    [Fact]
    public void Reading_at_an_offset_leaves_the_position_alone()
    {
        _guest.Open("input.txt");
        _guest.Memory.WriteInt32(100, 500);
        _guest.Memory.WriteInt32(104, 3);
        Assert.Equal(Errno.Success, _guest.Call("fd_pread", 4, 100, 1, 5, 8));
        Assert.Equal("567", _guest.Memory.ReadString(500, 3));
        Assert.Equal(Errno.Success, _guest.Call("fd_pread", 4, 100, 1, -1, 8));
        Assert.Equal(0, _guest.Memory.ReadInt32(8));
        Assert.Equal("0", _guest.Read(4, 1));
        Assert.Equal(Errno.BadDescriptor, _guest.Call("fd_pread", 3, 100, 1, 0, 8));
    }

    [Fact]
    public void A_stat_tells_kind_and_size_by_path_and_by_descriptor()
    {
        _guest.Memory.WriteString(1_000, "data/deep/b.csv");
        Assert.Equal(Errno.Success, _guest.Call("path_filestat_get", 3, 0, 1_000, 15, 200));
        Assert.Equal((4, 2L), (_guest.Memory.ReadByte(216), _guest.Memory.ReadInt64(232)));
        var number = _guest.Memory.ReadInt64(208);

        Assert.Equal(Errno.Success, _guest.Call("path_filestat_get", 3, 0, 1_000, 9, 200));
        Assert.Equal(3, _guest.Memory.ReadByte(216));
        Assert.Equal(Errno.NoEntry, _guest.Call("path_filestat_get", 3, 0, 1_000, 3, 200));

        _guest.Open("data/deep/b.csv");
        Assert.Equal(Errno.Success, _guest.Call("fd_filestat_get", 4, 200));
        Assert.Equal((4, 2L, number), (
            _guest.Memory.ReadByte(216), _guest.Memory.ReadInt64(232), _guest.Memory.ReadInt64(208)));
        Assert.Equal(Errno.Success, _guest.Call("fd_filestat_get", 3, 200));
        Assert.Equal(3, _guest.Memory.ReadByte(216));
    }

    [Fact]
    public void Rights_say_that_files_are_read_and_folders_opened_from()
    {
        _guest.Open("input.txt");
        Assert.Equal(Errno.Success, _guest.Call("fd_fdstat_get", 4, 200));
        Assert.Equal(4, _guest.Memory.ReadByte(200));
        Assert.Equal(0, _guest.Memory.ReadInt64(208) & 64);
        Assert.Equal(Errno.Success, _guest.Call("fd_fdstat_get", 3, 200));
        Assert.Equal(3, _guest.Memory.ReadByte(200));
        Assert.Equal(1 << 13, _guest.Memory.ReadInt64(208) & (1 << 13));
        Assert.Equal(0, _guest.Memory.ReadInt64(216) & 64);
    }

    [Fact]
    public void The_root_is_the_one_preopened_folder()
    {
        Assert.Equal(Errno.Success, _guest.Call("fd_prestat_get", 3, 200));
        Assert.Equal((0, 1), (_guest.Memory.ReadInt32(200), _guest.Memory.ReadInt32(204)));
        Assert.Equal(Errno.Success, _guest.Call("fd_prestat_dir_name", 3, 200, 1));
        Assert.Equal("/", _guest.Memory.ReadString(200, 1));
        Assert.Equal(Errno.NameTooLong, _guest.Call("fd_prestat_dir_name", 3, 200, 0));
        Assert.Equal(Errno.BadDescriptor, _guest.Call("fd_prestat_get", 4, 200));
        Assert.Equal(Errno.BadDescriptor, _guest.Call("fd_prestat_dir_name", 0, 200, 1));
    }

    [Fact]
    public void A_folder_is_listed_in_order_and_again_from_any_cookie()
    {
        Assert.Equal(["data folder", "input.txt file"], Names(3, 4_096, 0));
        Assert.Equal(["input.txt file"], Names(3, 4_096, 1));
        Assert.Empty(Names(3, 4_096, 2));
        Assert.Empty(Names(3, 4_096, -1));
        _guest.Open("data", FolderOnly);
        Assert.Equal(["a.csv file", "deep folder"], Names(4, 4_096, 0));
        _guest.Open("input.txt");
        Assert.Equal(Errno.NotDirectory, _guest.Call("fd_readdir", 5, 2_000, 100, 0, 8));
    }

    [Fact]
    public void A_listing_that_does_not_fit_fills_the_buffer_so_that_the_guest_comes_back()
    {
        Assert.Equal(Errno.Success, _guest.Call("fd_readdir", 3, 2_000, 30, 0, 8));
        Assert.Equal(30, _guest.Memory.ReadInt32(8));
        Assert.Equal("data", _guest.Memory.ReadString(2_024, 4));
    }

    [Fact]
    public void A_closed_descriptor_is_gone_and_its_number_is_given_again()
    {
        _guest.Open("input.txt");
        _guest.Open("data/a.csv");
        Assert.Equal(Errno.Success, _guest.Call("fd_close", 4));
        Assert.Equal(Errno.BadDescriptor, _guest.Call("fd_close", 4));
        Assert.Equal(Errno.BadDescriptor, _guest.Call("fd_tell", 4, 8));
        Assert.Equal(Errno.Success, _guest.Open("input.txt"));
        Assert.Equal(4, _guest.Memory.ReadInt32(8));
        Assert.Equal(Errno.Success, _guest.Call("fd_close", 1));
        Assert.Equal(Errno.BadDescriptor, _guest.Call("fd_write", 1, 100, 0, 8));
    }

    [Fact]
    public void Opening_without_end_is_refused_by_errno()
    {
        for (var open = 4; open < WasiProcess.DescriptorLimit; open++)
            Assert.Equal(Errno.Success, _guest.Open("input.txt"));
        Assert.Equal(Errno.TooManyOpen, _guest.Open("input.txt"));
    }

    [Theory]
    [InlineData("/absolute")]
    [InlineData("../up")]
    [InlineData("a//b")]
    [InlineData("a/./b")]
    [InlineData("")]
    public void The_host_names_files_by_normal_paths_alone(string path) =>
        Assert.Throws<ArgumentException>(() => new WasiWorld().WithInputFile(path, default));

    [Fact]
    public void A_file_is_given_once_and_is_no_folder()
    {
        var configuration = new WasiWorld().WithInputFile("a/b", default);
        Assert.Throws<ArgumentException>(() => configuration.WithInputFile("a/b", default));
        Assert.Throws<ArgumentException>(() => configuration.WithInputFile("a", default));
        Assert.Throws<ArgumentException>(() => configuration.WithInputFile("a/b/c", default));
        Assert.Equal(["a/b"], configuration.Files.All.Select(file => file.Path));
    }

    private List<string> Names(int descriptor, int room, long cookie)
    {
        Assert.Equal(Errno.Success, _guest.Call("fd_readdir", descriptor, 2_000, room, cookie, 8));
        var names = new List<string>();
        for (var at = 2_000; at < 2_000 + _guest.Memory.ReadInt32(8);)
        {
            var length = _guest.Memory.ReadInt32(at + 16);
            var kind = _guest.Memory.ReadByte(at + 20) == 3 ? "folder" : "file";
            names.Add($"{Encoding.UTF8.GetString(_guest.Memory.GetSpan(at + 24, length))} {kind}");
            at += 24 + length;
        }

        return names;
    }
}
