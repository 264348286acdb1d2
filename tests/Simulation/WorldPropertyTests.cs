// P3, P6 and P8 over the stored events of a world in which every story was told. Enters: an indexed chain. Leaves:
// nothing. Always holds: what is asked for is asked of the chain's own events in their order, not of the rows that the
// folds made of them; and each question is shown to be about something.
using EventSourced.Indexer.Tests.Pipeline;

namespace EventSourced.Simulation.Tests;

public sealed class WorldPropertyTests(IndexedWorld world) : IClassFixture<IndexedWorld>
{
    // Moves of money in their order, with the kind of both accounts.
    private const string Moves =
        """
        with move as (
            select seq_id, data ->> 'From' as payer, data ->> 'To' as receiver, (data ->> 'Amount')::numeric as amount,
                   (data ->> 'Reason')::int as reason, substr(data ->> 'From', 3, 2) as payer_kind, substr(data ->> 'To', 3, 2) as receiver_kind
              from mt_events where type = 'moved'),
        entry as (
            select seq_id, payer as account, payer_kind as kind, -amount as amount, reason from move
            union all
            select seq_id, receiver, receiver_kind, amount, reason from move)
        """;

    // Attempts of rounds with their last start, their panel and their open votes.
    private const string Decisions =
        """
        with fact as (
            select seq_id, type, data, data ->> 'DisputeId' as dispute, data ->> 'Round' as round, data ->> 'Attempt' as attempt, timestamp
              from mt_events where type in ('round_started', 'panel_drawn', 'vote_committed', 'vote_revealed', 'round_resolved')),
        decision as (select * from fact where type = 'round_resolved' and (data ->> 'Outcome')::int in (1, 2)),
        vote as (select * from fact where type = 'vote_revealed')
        """;

    private readonly IndexedDatabase _database = world.Database;

    [Fact]
    public async Task P3_no_account_ever_pays_more_than_it_holds()
    {
        await IsAboutAsync("select count(*) from move where reason = 13", Moves, "slashed seats");
        await HoldsAsync(
            Moves,
            """
            select account, seq_id, held
              from (select account, seq_id, sum(amount) over (partition by account order by seq_id) as held
                      from entry where kind <> '00') standing
             where held < 0
            """);
    }

    [Fact]
    public async Task P3_a_seats_pledge_is_slashed_or_given_back_and_never_more_than_it_was()
    {
        await IsAboutAsync(
            "select count(*) from move where reason = 13 and payer like '0x0602%'", Moves, "slashed seats");
        await HoldsAsync(
            Moves,
            """
            select account, sum(amount) filter (where reason = 12) as locked, -sum(amount) filter (where reason = 13) as slashed,
                   -sum(amount) filter (where reason = 14) as given_back, sum(amount) as left_over
              from entry
             where account like '0x0602%'
             group by account
            having sum(amount) < 0
                or count(*) filter (where reason not in (12, 13, 14)) > 0
                or coalesce(-sum(amount) filter (where reason = 13), 0) > sum(amount) filter (where reason = 12)
                or (sum(amount) <> 0 and exists (
                        select 1 from mt_events where type = 'dispute_settled'
                           and (data ->> 'DisputeId')::bigint = ('x' || substr(account, 43, 16))::bit(64)::bigint))
            """);
    }

    [Fact]
    public async Task P3_what_a_dispute_takes_is_paid_out_or_burnt_to_the_last_unit()
    {
        // 9 to 11 and 13: bonds and slashed seats go in; 18 to 22: bonds back, winner, honest verifiers, fire, split.
        await IsAboutAsync("select count(*) from move where reason = 21 and receiver_kind = '11' and payer_kind = '07'",
            Moves, "burnt parts of slashes");
        await HoldsAsync(
            Moves,
            """
            select account, sum(amount) filter (where amount > 0) as taken, -sum(amount) filter (where amount < 0) as given
              from entry
             where kind = '07'
             group by account
            having sum(amount) < 0
                or (sum(amount) <> 0 and exists (
                        select 1 from mt_events where type = 'dispute_settled'
                           and (data ->> 'DisputeId')::bigint = ('x' || substr(account, 51, 16))::bit(64)::bigint))
            """);
        // Of what was lost (bonds that did not go back, seats that were slashed) the winner never has more than half,
        // and all parts sum up.
        await HoldsAsync(
            Moves,
            """
            select account
              from entry
             where kind = '07'
             group by account
            having coalesce(-sum(amount) filter (where reason = 19), 0) * 2 >
                   coalesce(sum(amount) filter (where reason in (9, 10, 11, 13)), 0) + coalesce(sum(amount) filter (where reason = 18), 0)
            """);
    }

    [Fact]
    public async Task P6_every_decision_has_a_quorum_of_open_votes_of_the_panel_drawn()
    {
        await IsAboutAsync("select count(*) from decision", Decisions, "decisions");
        await HoldsAsync(
            Decisions,
            """
            select d.dispute, d.round, d.attempt
              from decision d
             where (select count(distinct v.data ->> 'VerifierId') from vote v
                     where (v.dispute, v.round, v.attempt) = (d.dispute, d.round, d.attempt) and v.seq_id < d.seq_id
                       and exists (select 1 from fact p
                                    where p.type = 'panel_drawn' and (p.dispute, p.round, p.attempt) = (v.dispute, v.round, v.attempt)
                                      and p.seq_id < v.seq_id and p.data -> 'VerifierIds' @> (v.data -> 'VerifierId')))
                 < (select (s.data ->> 'Quorum')::int from fact s
                     where s.type = 'round_started' and (s.dispute, s.round, s.attempt) = (d.dispute, d.round, d.attempt) and s.seq_id < d.seq_id
                     order by s.seq_id desc limit 1)
            """);
    }

    [Fact]
    public async Task P6_no_vote_is_by_a_stranger_or_twice_or_late()
    {
        await IsAboutAsync("select count(*) from vote", Decisions, "open votes");
        await HoldsAsync(
            Decisions,
            """
            select v.dispute, v.round, v.attempt, v.data ->> 'VerifierId'
              from vote v
              left join fact p on p.type = 'panel_drawn' and (p.dispute, p.round, p.attempt) = (v.dispute, v.round, v.attempt)
             where p.seq_id is null
                or not p.data -> 'VerifierIds' @> (v.data -> 'VerifierId')
                or extract(epoch from v.timestamp) < (p.data ->> 'CommitEnd')::bigint
                or extract(epoch from v.timestamp) >= (p.data ->> 'RevealEnd')::bigint
                or not exists (select 1 from fact c
                                where c.type = 'vote_committed' and (c.dispute, c.round, c.attempt) = (v.dispute, v.round, v.attempt)
                                  and c.data ->> 'VerifierId' = v.data ->> 'VerifierId' and c.seq_id < v.seq_id
                                  and extract(epoch from c.timestamp) < (p.data ->> 'CommitEnd')::bigint)
            """);
        await HoldsAsync(
            Decisions,
            "select dispute, round, attempt, data ->> 'VerifierId' from vote group by 1, 2, 3, 4 having count(*) > 1");
    }

    [Fact]
    public async Task P8_no_step_of_a_workflow_opens_before_the_tasks_of_what_it_depends_on_are_paid()
    {
        const string links =
            """
            with link as (
                select seq_id, data ->> 'WorkflowId' as workflow, (data ->> 'Step')::int as step, data ->> 'TaskId' as task,
                       (data ->> 'DependsOn')::numeric::bigint as depends_on
                  from mt_events where type = 'workflow_step_linked')
            """;
        await IsAboutAsync("select count(*) from link where depends_on <> 0", links, "steps that depend on others");
        await HoldsAsync(
            links,
            """
            select l.workflow, l.step, needed
              from link l cross join generate_series(0, 31) needed
             where (l.depends_on >> needed) & 1 = 1
               and not exists (
                   select 1 from mt_events f
                    where f.type = 'task_finalized' and f.seq_id < l.seq_id
                      and f.data ->> 'TaskId' = (select before.task from link before
                                                  where before.workflow = l.workflow and before.step = needed and before.seq_id < l.seq_id
                                                  order by before.seq_id desc limit 1))
            """);
    }

    private async Task IsAboutAsync(string count, string facts, string what) =>
        Assert.True(await _database.CountAsync($"{facts} {count}") > 0, $"expected {what} in this world, found none");

    private async Task HoldsAsync(string facts, string exceptions) =>
        Assert.Equal("", await _database.TextAsync($"{facts} {exceptions}"));
}
