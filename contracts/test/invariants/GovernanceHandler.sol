// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IGovernor } from "@openzeppelin/contracts/governance/IGovernor.sol";
import { IBreaker } from "../../src/interfaces/IBreaker.sol";
import { Module } from "../../src/Module.sol";
import { vm } from "../Vm.sol";
import { ProposalOps } from "./ProposalOps.sol";

/// @title The operations of the stakers and of the guardians, and the states that a good walk sees.
contract GovernanceHandler is ProposalOps {
    bytes32 internal constant STAKE_SCOPE = "stake";

    /// The breaker's own memory of what a trip owes: it tells nobody.
    mapping(bytes32 scope => uint256) internal owed;
    uint256 internal scopesRestUntil;

    constructor() {
        vm.recordLogs();
        setUp();
        install();
        watch();
        string[31] memory all = [
            "propose a quorum",
            "propose a delay",
            "propose a seat",
            "propose a spend",
            "castVote",
            "castVote again is refused",
            "castVote before its time is refused",
            "queue",
            "queue what has not succeeded is refused",
            "execute",
            "executeBatch",
            "execute too early is refused",
            "execute against the rules is refused",
            "cancel by the proposer",
            "cancel by the council",
            "cancel a seat is refused",
            "cancel at the timelock",
            "cancel a seat at the timelock is refused",
            "releaseBond",
            "releaseBond before the end is refused",
            "bond",
            "bond while tripped is refused",
            "unbond",
            "release",
            "release too early is refused",
            "trip",
            "trip without a rest is refused",
            "reset",
            "reset what is not tripped is refused",
            "withdraw while tripped",
            "wait"
        ];
        for (uint256 i; i < all.length; ++i) {
            name(all[i]);
        }
        string[14] memory states = [
            "pending",
            "active",
            "canceled",
            "defeated",
            "succeeded",
            "queued",
            "expired",
            "executed",
            "rejected",
            "a bond that is gone",
            "everything tripped",
            "a scope tripped",
            "another council",
            "another delay"
        ];
        for (uint256 i; i < states.length; ++i) {
            expectState(states[i]);
        }
    }

    function look() internal override {
        uint256 last = proposals.length;
        for (uint256 k = last; k != 0 && last - k < RECENT; --k) {
            uint256 id = proposals[k - 1].id;
            IGovernor.ProposalState state = governor.state(id);
            ++seen[uint256(state)];
            if (state == IGovernor.ProposalState.Defeated && governor.isRejected(id)) ++seen[8];
            if (governor.bondOf(id) == 0) ++seen[9];
        }
        if (isTripped(0)) ++seen[10];
        if (isTripped(STAKE_SCOPE)) ++seen[11];
        if (seatedAt != 0) ++seen[12];
        if (delayChangedAt != 0) ++seen[13];
    }

    function perform(uint256 op, uint256 pick, uint256 value) internal override returns (bool did) {
        did = choose(op, pick, value);
        // What a refused call has moved before its end is recorded, too.
        bool refused = op == 5 || op == 6 || op == 8 || op == 11 || op == 12 || op == 15 || op == 17 || op == 19
            || op == 21 || op == 24 || op == 26 || op == 28;
        if (refused) overlook();
    }

    function choose(uint256 op, uint256 pick, uint256 value) private returns (bool) {
        if (op < 20) return proposalOps(op, pick, value);
        if (op < 22) return bondSome(op, pick, value);
        if (op == 22) return unbondSome(pick, value);
        if (op < 25) return release(op, pick, value);
        if (op < 27) return tripOne(op, pick, value);
        if (op < 29) return resetOne(op, pick);
        if (op == 29) return withdraw(pick, value);
        // Now and then long enough for a decision to expire.
        skip(value % 16 == 0 ? 32 days : (value >> 8) % 2 days);
        return true;
    }

    function bondSome(uint256 op, uint256 pick, uint256 value) private returns (bool) {
        uint256 i = pick % 3;
        (uint8 level,) = breaker.levelOf(STAKE_SCOPE);
        if ((level != 0) != (op == 21)) return false;
        uint256 amount = bound(value, 1, 100_000 * CREDITS);
        if (creditOf(voters[i]) < amount) return false;
        vm.prank(voters[i]);
        if (op == 21) vm.expectPartialRevert(IBreaker.Tripped.selector);
        stake.bond(i + 1, amount);
        return true;
    }

    /// @dev Whatever is tripped. Enough is left to decide about something.
    function unbondSome(uint256 pick, uint256 value) private returns (bool) {
        uint256 i = pick % 3;
        if (stake.unbondingsOf(i + 1).length == 8 || stakeBalance(i + 1) < 500_000 * CREDITS) return false;
        vm.prank(voters[i]);
        stake.unbond(i + 1, bound(value, 1, 20_000 * CREDITS));
        return true;
    }

    function release(uint256 op, uint256 pick, uint256 value) private returns (bool) {
        uint256[] memory ids = stake.unbondingsOf(1 + pick % 3);
        for (uint256 i; i < ids.length; ++i) {
            uint64 releaseAt = stake.unbondingOf(ids[i]).releaseAt;
            if (op == 24) {
                if (block.timestamp >= releaseAt) continue;
                vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, releaseAt, block.timestamp));
            } else {
                if (block.timestamp < releaseAt && value % 8 != 0) continue;
                later(releaseAt);
            }
            stake.release(ids[i]);
            return true;
        }
        return false;
    }

    function isTripped(bytes32 scope) internal view returns (bool) {
        (,, uint64 until,) = breaker.tripOf(scope);
        return block.timestamp < until;
    }

    function endOfRest(bytes32 scope) internal view returns (uint256) {
        (, uint64 from, uint64 until, uint64 graceEnd) = breaker.tripOf(scope);
        return graceEnd + (until - from) + owed[scope];
    }

    function restedFrom(bytes32 scope) internal view returns (uint256 rested) {
        rested = endOfRest(scope);
        if (scope == 0) return rested;
        (uint8 level, uint64 from,,) = breaker.tripOf(0);
        uint256 all = endOfRest(0);
        if (all > rested && (level == 2 || from < rested)) rested = all;
    }

    /// @notice Whatever is tripped, no time is taken back, and nobody's for long.
    function tripOne(uint256 op, uint256 pick, uint256 value) private returns (bool) {
        bytes32 scope = pick % 2 == 0 ? bytes32(0) : STAKE_SCOPE;
        uint256 rested = restedFrom(scope);
        if ((block.timestamp < rested) != (op == 26)) return false;
        uint8 level = uint8(1 + value % 2);
        uint64 duration = uint64(bound(value >> 8, 1, 72 hours));
        uint64 asked = uint64(block.timestamp - (value >> 64) % 9 days);
        uint64 before = breaker.shifted(scope, asked);
        vm.prank(guardian);
        if (op == 26) vm.expectRevert(abi.encodeWithSelector(IBreaker.StillTripped.selector, scope, rested));
        breaker.trip(scope, level, duration, "why");
        uint64 moved = breaker.shifted(scope, asked);
        vm.assertGe(moved, before, "a trip never takes a shift back");
        if (before < block.timestamp) vm.assertEq(moved, before, "what has passed stays passed");
        vm.assertLe(moved, asked + 2 * 78 hours, "nobody's time is taken for long");
        if (op == 26) return true;
        uint256 other = scope == 0 ? scopesRestUntil : endOfRest(0);
        owed[scope] = other > block.timestamp ? other - block.timestamp : 0;
        if (scope != 0 && endOfRest(scope) > scopesRestUntil) scopesRestUntil = endOfRest(scope);
        return true;
    }

    function resetOne(uint256 op, uint256 pick) private returns (bool) {
        bytes32 scope = pick % 2 == 0 ? bytes32(0) : STAKE_SCOPE;
        if (isTripped(scope) != (op == 27)) scope = scope == 0 ? STAKE_SCOPE : bytes32(0);
        if (isTripped(scope) != (op == 27)) return false;
        vm.prank(wiring.council);
        if (op == 28) vm.expectRevert(abi.encodeWithSelector(IBreaker.NotTripped.selector, scope));
        breaker.reset(scope);
        return true;
    }

    /// @notice Whatever is tripped, a holder takes its money out.
    function withdraw(uint256 pick, uint256 value) private returns (bool) {
        if (!isTripped(0) && !isTripped(STAKE_SCOPE)) return false;
        address who = voters[pick % 3];
        if (creditOf(who) < CREDITS) return false;
        vm.prank(who);
        vault.withdraw(bound(value, 1, CREDITS), who);
        return true;
    }
}
