// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { EraRoot, IRewards } from "../../src/interfaces/IRewards.sol";
import { Module } from "../../src/Module.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { EraRewards } from "../rewards/EraRewards.sol";
import { vm } from "../Vm.sol";
import { SubjectsChecks } from "./SubjectsChecks.sol";

/// @title The operations of an era's rewards: what may be done to them now, and doing it.
/// @notice An era is named by its place in `posted`, from 1 on. A root gives the four agents 1, 2, 3 and 4 tenths.
abstract contract EraOps is SubjectsChecks {
    uint256 internal constant LIFE = 365 days;

    function eraOp(uint256 op, uint256 pick, uint256 value) internal returns (bool) {
        if (op == 0) return postRoot(pick, value);
        if (op == 1) return settleEra(pick, value);
        if (op == 2) return claimReward(pick, value);
        if (op == 3) return releaseReward(pick, value);
        return sweepEra(pick, value);
    }

    function eraRefusal(uint256 op, uint256 pick, uint256 value) internal returns (bool) {
        if (op == 0) return postTooEarly(pick, value);
        if (op == 1) return settleTooEarly(pick);
        if (op == 2) return settleBeyondTheWeek(pick, value);
        if (op == 3) return claimRewardAgain(pick, value);
        if (op == 4) return claimTooMuch(pick, value);
        if (op == 5) return releaseNothing(pick, value);
        return sweepTooEarly(pick);
    }

    function rootAt(uint256 place) internal view returns (uint256 era, EraRoot memory root) {
        era = posted[place - 1];
        root = rewards.eraOf(era);
    }

    function shareOf(uint256 total, uint256 index) private pure returns (uint256) {
        return total * (index + 1) / 10;
    }

    function leavesOf(uint256 era, uint256 total) private view returns (bytes32[] memory leaves) {
        leaves = new bytes32[](OWNERS);
        for (uint256 i; i < OWNERS; ++i) {
            leaves[i] = EraRewards.leaf(era, i, agents[i], shareOf(total, i));
        }
    }

    function postRoot(uint256 pick, uint256 value) private returns (bool) {
        uint256 present = rewards.eraAt(uint64(block.timestamp));
        uint256 era = present - 1 - pick % 2;
        EraRoot memory before = rewards.eraOf(era);
        if (before.status != 0 && before.status != 4) {
            // Most weeks are not waited for.
            if (!waits((present + 1) * 7 days, value, 4)) return false;
            era = present;
            before = rewards.eraOf(era);
        }
        uint256 total = bound(value >> 8, 10, rewards.poolNow());
        uint256 bond = parameters.get("checkpointBond");
        if (bond < total) bond = total;
        uint256 k;
        while (k < OWNERS && stakeAt(agents[addmod(pick, k, OWNERS)]) < bond) ++k;
        if (k == OWNERS) return false;
        k = addmod(pick, k, OWNERS);
        bytes32 root = EraRewards.root(leavesOf(era, total));
        vm.prank(owners[k]);
        rewards.postRoot(era, root, total, agents[k]);
        if (before.posting == 0) posted.push(era);
        return true;
    }

    function postTooEarly(uint256 pick, uint256 value) private returns (bool) {
        uint256 era = rewards.eraAt(uint64(block.timestamp)) + value % 2;
        address owner = owners[pick % OWNERS];
        vm.prank(owner);
        vm.expectRevert(abi.encodeWithSelector(IRewards.EraNotOver.selector, era, (era + 1) * 7 days, block.timestamp));
        rewards.postRoot(era, "root", CREDITS, agents[pick % OWNERS]);
        return true;
    }

    function isPosted(uint256 place) internal view returns (bool) {
        (, EraRoot memory root) = rootAt(place);
        return root.status == 1;
    }

    function isUnsettled(uint256 place) private view returns (bool) {
        (, EraRoot memory root) = rootAt(place);
        return root.status == 1 && block.timestamp < root.finalAt;
    }

    /// @dev The moment in which an era is settled, and what was paid in that week.
    function settlement(uint256 place) private view returns (uint256 time, uint256 paid, bool fits) {
        (, EraRoot memory root) = rootAt(place);
        time = block.timestamp < root.finalAt ? root.finalAt : block.timestamp;
        paid = rewards.paidIn(time / 7 days);
        fits = paid == 0 || paid + root.total <= parameters.get("eraPool");
    }

    function canSettle(uint256 place) private view returns (bool) {
        (,, bool fits) = settlement(place);
        return fits && isPosted(place);
    }

    function settleEra(uint256 pick, uint256 value) private returns (bool) {
        uint256 place = find(canSettle, posted.length, pick);
        if (place == 0) return false;
        (uint256 time,,) = settlement(place);
        if (!waits(time, value, 2)) return false;
        rewards.settleEra(posted[place - 1]);
        return true;
    }

    function settleTooEarly(uint256 pick) private returns (bool) {
        uint256 place = find(isUnsettled, posted.length, pick);
        if (place == 0) return false;
        (uint256 era, EraRoot memory root) = rootAt(place);
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, root.finalAt, block.timestamp));
        rewards.settleEra(era);
        return true;
    }

    function isTooMuchForTheWeek(uint256 place) private view returns (bool) {
        (,, bool fits) = settlement(place);
        return !fits && isPosted(place);
    }

    function settleBeyondTheWeek(uint256 pick, uint256 value) private returns (bool) {
        uint256 place = find(isTooMuchForTheWeek, posted.length, pick);
        if (place == 0) return false;
        (uint256 time, uint256 paid,) = settlement(place);
        if (!waits(time, value, 2)) return false;
        uint256 era = posted[place - 1];
        uint256 most = parameters.get("eraPool");
        vm.expectRevert(abi.encodeWithSelector(IRewards.WeekIsSpent.selector, era, time / 7 days, paid, most));
        rewards.settleEra(era);
        return true;
    }

    function paysRewards(uint256 place) private view returns (bool) {
        (, EraRoot memory root) = rootAt(place);
        return root.status == 3 && block.timestamp < root.vestStart + LIFE;
    }

    /// @dev An era that takes claims and the index of an agent with or without a grant; OWNERS when there is none.
    function claimable(uint256 pick, uint256 value, bool again)
        private
        view
        returns (uint256 era, uint256 total, uint256 index)
    {
        uint256 place = find(paysRewards, posted.length, pick);
        if (place == 0) return (0, 0, OWNERS);
        EraRoot memory root;
        (era, root) = rootAt(place);
        total = root.total;
        for (uint256 i; i < OWNERS; ++i) {
            index = addmod(value, i, OWNERS);
            if ((rewards.grantOf(era, agents[index]) != 0) == again) return (era, total, index);
        }
        return (0, 0, OWNERS);
    }

    function claimReward(uint256 pick, uint256 value) private returns (bool) {
        (uint256 era, uint256 total, uint256 index) = claimable(pick, value, false);
        if (index == OWNERS) return false;
        rewards.claim(era, index, agents[index], shareOf(total, index), EraRewards.proof(leavesOf(era, total), index));
        return true;
    }

    function claimRewardAgain(uint256 pick, uint256 value) private returns (bool) {
        (uint256 era, uint256 total, uint256 index) = claimable(pick, value, true);
        if (index == OWNERS) return false;
        bytes32[] memory proof = EraRewards.proof(leavesOf(era, total), index);
        vm.expectRevert(abi.encodeWithSelector(IRewards.AlreadyGranted.selector, era, agents[index]));
        rewards.claim(era, index, agents[index], shareOf(total, index), proof);
        return true;
    }

    function claimTooMuch(uint256 pick, uint256 value) private returns (bool) {
        (uint256 era, uint256 total, uint256 index) = claimable(pick, value, false);
        if (index == OWNERS) return false;
        bytes32[] memory proof = EraRewards.proof(leavesOf(era, total), index);
        uint256 amount = shareOf(total, index) + 1;
        vm.expectRevert(abi.encodeWithSelector(IRewards.WrongProof.selector, era, index, agents[index], amount));
        rewards.claim(era, index, agents[index], amount, proof);
        return true;
    }

    /// @dev The last eras' agent that has a grant of which something is vested, or nothing; 0 when there is none.
    function granted(uint256 pick, uint256 value, bool vested) private view returns (uint256 era, uint256 agentId) {
        uint256 count = posted.length < RECENT ? posted.length : RECENT;
        for (uint256 i; i < count * OWNERS; ++i) {
            era = posted[posted.length - 1 - addmod(pick, i / OWNERS, count)];
            agentId = agents[addmod(value, i, OWNERS)];
            if (rewards.grantOf(era, agentId) == 0) continue;
            if ((rewards.vestedOf(era, agentId) != 0) == vested) return (era, agentId);
        }
        return (0, 0);
    }

    function releaseReward(uint256 pick, uint256 value) private returns (bool) {
        (uint256 era, uint256 agentId) = granted(pick, value, true);
        if (agentId == 0) return false;
        rewards.release(era, agentId);
        return true;
    }

    function releaseNothing(uint256 pick, uint256 value) private returns (bool) {
        (uint256 era, uint256 agentId) = granted(pick, value, false);
        if (agentId == 0) return false;
        vm.expectRevert(abi.encodeWithSelector(IRewards.NothingVested.selector, era, agentId));
        rewards.release(era, agentId);
        return true;
    }

    function hasARest(uint256 place) private view returns (bool) {
        (uint256 era, EraRoot memory root) = rootAt(place);
        return root.status == 3 && balance(Accounts.reward(era, 0)) != 0;
    }

    function sweepEra(uint256 pick, uint256 value) private returns (bool) {
        uint256 place = find(hasARest, posted.length, pick);
        if (place == 0) return false;
        (uint256 era, EraRoot memory root) = rootAt(place);
        // A year ends everything else, too.
        if (!waits(root.vestStart + LIFE, value, 8)) return false;
        rewards.sweepEra(era);
        return true;
    }

    function sweepTooEarly(uint256 pick) private returns (bool) {
        uint256 place = find(paysRewards, posted.length, pick);
        if (place == 0) return false;
        (uint256 era, EraRoot memory root) = rootAt(place);
        uint64 from = root.vestStart + uint64(LIFE);
        vm.expectRevert(abi.encodeWithSelector(Module.TooEarly.selector, from, block.timestamp));
        rewards.sweepEra(era);
        return true;
    }
}
