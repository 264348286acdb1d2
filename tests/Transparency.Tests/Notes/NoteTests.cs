// Signed notes after C2SP signed-note: the page's example, the rules about known and unknown keys, and everything that
// is no note.
using EventSourced.Testing;

namespace EventSourced.Transparency.Tests;

public class NoteTests
{
    private const string FooKey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    private const string FooNote =
        "This is an example message.\n\n— example.com/foo " +
        "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

    private const string Poem =
        "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n" +
        "— quasimodo.example/salvatore " +
        "NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";

    [Fact]
    public void The_example_of_the_specification_verifies_and_is_written_as_it_was_read()
    {
        var key = VerifierKey.Parse(FooKey);
        var note = Note.Parse(Keys.Utf8(FooNote));
        var verdict = note.Judge([key]);
        Assert.True(verdict.Holds);
        Assert.Equal(new VerifiedSignature(key, null), Assert.Single(verdict.Verified));
        Assert.Equal("This is an example message.\n", note.Text);
        Assert.Equal(FooNote, note.ToString());
        Assert.Equal(FooKey, key.ToString());
        Assert.Equal(0x530d903au, key.Id);
    }

    [Fact]
    public void The_text_ends_at_the_last_empty_line()
    {
        var note = Note.Parse(Keys.Utf8(Poem));
        Assert.EndsWith(":\n\ned è subito sera.\n", note.Text, StringComparison.Ordinal);
        Assert.Equal("quasimodo.example/salvatore", Assert.Single(note.Signatures).Name);
        Assert.Equal(Poem, note.ToString());
        Assert.Equal(
            "expected a signature by a known key, found none", note.Judge([VerifierKey.Parse(FooKey)]).Refusal);
    }

    [Fact]
    public void Any_changed_byte_of_text_or_signature_spoils_a_note() =>
        Seed.Run(random =>
        {
            var note = Note.Parse(Keys.Utf8(FooNote));
            var key = VerifierKey.Parse(FooKey);
            for (var round = 0; round < 100; round++)
            {
                var signature = note.Signatures[0].Signature.ToArray();
                signature[random.Next(signature.Length)] ^= (byte)(1 << random.Next(8));
                var forged = new Note(note.Text, [new NoteSignature(key.Name, key.Id, signature)]);
                Assert.Contains("found one that does not hold", forged.Judge([key]).Refusal, StringComparison.Ordinal);
            }

            Assert.False(new Note("This is an example massage.\n", note.Signatures).Judge([key]).Holds);
        });

    [Fact]
    public void Unknown_signatures_are_ignored_and_one_bad_signature_by_a_known_key_spoils_the_note()
    {
        const string Text = "text\n";
        var good = Keys.Log.Sign(Text);
        var stranger = Keys.Of("stranger.example", SignatureType.Ed25519).Sign(Text);
        var sameName = new NoteSignature(good.Name, good.KeyId ^ 1, stranger.Signature);
        var sameId = new NoteSignature("other.example", good.KeyId, stranger.Signature);
        var bad = new NoteSignature(good.Name, good.KeyId, stranger.Signature);
        Assert.True(new Note(Text, [stranger, sameName, good, sameId]).Judge([Keys.Log.Verifier]).Holds);
        Assert.False(new Note(Text, [good, bad]).Judge([Keys.Log.Verifier]).Holds);
        Assert.False(new Note(Text, [stranger, sameName]).Judge([Keys.Log.Verifier]).Holds);
        // A signature twice is one signature.
        Assert.Single(new Note(Text, [good, good]).Judge([Keys.Log.Verifier]).Verified);
    }

    [Fact]
    public void A_key_whose_name_and_id_collide_with_another_does_not_hide_it()
    {
        var log = Keys.Log.Verifier;
        // Nobody can make keys that collide in a test's time, but the same key given twice takes the same way.
        Assert.True(new Note("a\n", [Keys.Log.Sign("a\n")]).Judge([log, VerifierKey.Parse(log.ToString())]).Holds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("text\n")]
    [InlineData("text\n\n")]
    [InlineData("text\n\n— a AAAAAAA=")]
    [InlineData("text\n\n- a AAAAAAA=\n")]
    [InlineData("text\n\n—a AAAAAAA=\n")]
    [InlineData("text\n\n—  AAAAAAA=\n")]
    [InlineData("text\n\n— a\n")]
    [InlineData("text\n\n— a b AAAAAAA=\n")]
    [InlineData("text\n\n— a+b AAAAAAA=\n")]
    [InlineData("text\n\n— a\u00a0b AAAAAAA=\n")]
    [InlineData("text\n\n— a\u2003b AAAAAAA=\n")]
    [InlineData("text\n\n— a AAAAAA==\n")]
    [InlineData("text\n\n— a AAAAA\n")]
    [InlineData("text\n\n— a AAAAAAB=\n")]
    [InlineData("text\n\n— a AAAA AAA=\n")]
    [InlineData("text\n\n— a AAAAAAA=\n— b\n")]
    [InlineData("text\r\n\n— a AAAAAAA=\n")]
    [InlineData("te\u0000xt\n\n— a AAAAAAA=\n")]
    [InlineData("text\n\n— a AAAAAAA=\ntext\n")]
    public void What_is_no_note_is_refused(string note) =>
        Assert.Throws<TransparencyFormatException>(() => Note.Parse(Keys.Utf8(note)));

    [Fact]
    public void A_refusal_says_expected_found_and_where()
    {
        var refused = Assert.Throws<TransparencyFormatException>(() => Note.Parse("text\n\n— a AAAAAAA=\n- b\n"u8));
        Assert.Equal("em dash, space, name, space, base64 of a signature", refused.Expected);
        Assert.Equal("'- b'", refused.Found);
        Assert.Equal("in line 2 of the note's signatures", refused.Where);
        var shown = Assert.Throws<TransparencyFormatException>(
            () => Note.Parse(Keys.Utf8("text\n\n" + new string('é', 100) + "\n")));
        Assert.Equal($"'{new string('?', 40)}...'", shown.Found);
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_refused() =>
        Assert.Throws<TransparencyFormatException>(() => Note.Parse([.. "te"u8, 0xc3, .. "xt\n\n— a AAAAAAA=\n"u8]));

    [Fact]
    public void Limits_are_named()
    {
        var line = "— a AAAAAAA=\n";
        var most = string.Concat(Enumerable.Repeat(line, TransparencyLimits.Signatures));
        Assert.Equal(TransparencyLimits.Signatures, Note.Parse(Keys.Utf8("a\n\n" + most)).Signatures.Count);
        Assert.Contains("at most 64 signatures", Refusal("a\n\n" + most + line), StringComparison.Ordinal);
        var fat = new string('a', TransparencyLimits.NoteBytes + 1);
        Assert.Contains("at most 262144 bytes", Refusal(fat), StringComparison.Ordinal);
        var long64 = Convert.ToBase64String(new byte[4 + TransparencyLimits.SignatureBytes + 3]);
        Assert.Contains("base64 of more than 8196 bytes", Refusal($"a\n\n— a {long64}\n"), StringComparison.Ordinal);

        static string Refusal(string note) => Assert.Throws<TransparencyFormatException>(
            () => Note.Parse(Keys.Utf8(note))).Message;
    }

    [Theory]
    [InlineData("no newline at the end")]
    [InlineData("a\ttab\n")]
    public void A_text_that_no_note_could_hold_is_not_made_into_one(string text) =>
        Assert.Throws<TransparencyFormatException>(() => new Note(text, []));

    [Fact]
    public void Mutated_notes_are_refused_or_written_as_they_were_read() =>
        Seed.Run(random =>
        {
            byte[][] good = [Keys.Utf8(FooNote), Keys.Utf8(Poem)];
            for (var round = 0; round < 20_000; round++)
            {
                var bytes = Mutations.Of(random, good[round % good.Length]);
                try
                {
                    Assert.Equal(bytes, Keys.Utf8(Note.Parse(bytes)));
                }
                catch (TransparencyFormatException)
                {
                    // The one way in which what is no note is refused.
                }
            }
        });
}
