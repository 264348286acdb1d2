// P8, workflow atomicity, over any order of a workflow's events. Enters: random steps. Leaves: nothing. Always holds:
// of the events that the folds accept without a violation, none opens a step before all that it depends on is paid,
// while another has failed, while its own task is under way, or after the workflow's end. What was accepted is judged
// by the list of accepted events alone, not by the states that accepted them.
using EventSourced.Domain.Events;
using EventSourced.Domain.Work;
using FsCheck;
using FsCheck.Fluent;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Properties;

public sealed class WorkflowProperties
{
    private const int Runs = 300;
    private const ushort Steps = 4;

    [Fact]
    public void P8_a_step_never_opens_before_what_it_depends_on()
    {
        var (opened, depending) = (0, 0);
        Prop.ForAll<(byte Kind, byte Step, byte More)[]>(steps =>
        {
            var chain = new SmallChain(1_000_000, Workflows.Fold, WorkflowSteps.Fold, WorkflowPatches.Fold);
            List<ChainEvent> accepted = [];
            ChainEvent created = new WorkflowCreated(1, Client, Hash(1), Steps, 2_000_000, "ipfs://plan");
            if (chain.TryHappens(created)) accepted.Add(created);
            foreach (var (kind, step, more) in steps)
            {
                var next = Next(accepted, kind, (ushort)(step % (Steps + 1)), more);
                if (chain.TryHappens(next)) accepted.Add(next);
            }

            opened += accepted.OfType<WorkflowStepLinked>().Count();
            depending += accepted.OfType<WorkflowStepLinked>().Count(e => e.DependsOn != 0);
            return Enumerable.Range(0, accepted.Count).All(
                i => accepted[i] is not WorkflowStepLinked opening || MayOpen(accepted.Take(i), opening));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs).WithEndSize(80));
        Assert.True(opened > Runs && depending > Runs / 8,
            $"expected many steps in {Runs} histories, found {opened}, {depending} of them after others");
    }

    private static ChainEvent Next(List<ChainEvent> accepted, byte kind, ushort step, byte more)
    {
        var version = (uint)accepted.OfType<WorkflowPatched>().Count() + 1;
        var task = accepted.OfType<WorkflowStepLinked>().LastOrDefault(e => e.Step == step)?.TaskId ?? 99;
        var depends = (ulong)(more & 0b1_1111) & ~(1UL << step);
        // Three of four depend on what is paid; the others on anything.
        if (more < 192) depends &= accepted.OfType<Workflows.WorkflowStepEnded>().Where(
            e => e.IsFinalized).Aggregate(0UL, (bits, e) => bits | 1UL << e.Step);
        return (kind % 8) switch
        {
            0 or 1 or 2 => new WorkflowStepLinked(1, (ulong)accepted.Count + 1, step, depends),
            3 or 4 => new Workflows.WorkflowStepEnded(1, step, task, IsFinalized: true),
            5 when more % 2 == 0 =>
                new Workflows.WorkflowStepEnded(1, step, more % 8 == 0 ? 98 : task, IsFinalized: false),
            5 or 6 => new WorkflowPatched(1, version + 1, version, Hash(2), UInt128.One << step),
            _ => more % 8 == 0
                ? new WorkflowEnded(1, (byte)(1 + (more % 4)))
                : new WorkflowStepLinked(1, (ulong)accepted.Count + 1, step, 0),
        };
    }

    private static bool MayOpen(IEnumerable<ChainEvent> before, WorkflowStepLinked opening)
    {
        // What became of each step last: opened, paid, cancelled, freed.
        var last = new Dictionary<ushort, string>();
        foreach (var happened in before)
        {
            switch (happened)
            {
                case WorkflowEnded:
                    return false;
                case WorkflowStepLinked e:
                    last[e.Step] = "opened";
                    break;
                case Workflows.WorkflowStepEnded e:
                    last[e.Step] = e.IsFinalized ? "paid" : "cancelled";
                    break;
                case WorkflowPatched e:
                    for (ushort step = 0; step < Steps; step++)
                        if ((e.Replaces >> step & 1) != 0) last[step] = "freed";
                    break;
            }
        }

        return opening.Step < Steps
            && last.GetValueOrDefault(opening.Step, "freed") == "freed"
            && !last.ContainsValue("cancelled")
            && Enumerable.Range(0, 64).All(
                step => (opening.DependsOn >> step & 1) == 0 || last.GetValueOrDefault((ushort)step) == "paid");
    }
}
