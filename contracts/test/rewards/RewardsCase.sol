// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Challenge, IDisputable } from "../../src/interfaces/IDisputable.sol";
import { EraRoot } from "../../src/interfaces/IRewards.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";
import { EraRewards } from "./EraRewards.sol";

/// @title The era just past with three winners (the vector of the economics), and a poster with 2,000 credits at stake.
abstract contract RewardsCase is Commons {
    address internal posterOwner = address(0x9057);
    address internal firstOwner = address(0x1001);
    address internal secondOwner = address(0x1002);
    address internal thirdOwner = address(0x1003);
    uint256 internal poster;
    uint256 internal first;
    uint256 internal second;
    uint256 internal third;
    uint256 internal era;
    uint256 internal total;
    bytes32[] internal leaves;
    uint256[] internal amounts;
    uint256[] internal winners;

    function setUp() public virtual override {
        super.setUp();
        // The era of the deployment is the first that anybody could earn in.
        skip(7 days);
        poster = newAgent(posterOwner, 2_000 * CREDITS);
        first = newAgent(firstOwner, 0);
        second = newAgent(secondOwner, 0);
        third = newAgent(thirdOwner, 0);
        era = rewards.eraAt(uint64(block.timestamp)) - 1;
        EraRewards.Entry[] memory entries = new EraRewards.Entry[](3);
        entries[0] = EraRewards.Entry(first, 500e6, 2_000 * CREDITS);
        entries[1] = EraRewards.Entry(second, 300e6, 400 * CREDITS);
        entries[2] = EraRewards.Entry(third, 199e6, 1_000 * CREDITS);
        plant(entries);
    }

    function plant(EraRewards.Entry[] memory entries) internal {
        delete leaves;
        delete winners;
        EraRewards.rank(entries);
        amounts = EraRewards.amounts(entries, rewards.poolNow());
        total = 0;
        for (uint256 i; i < amounts.length; ++i) {
            leaves.push(EraRewards.leaf(era, i, entries[i].agentId, amounts[i]));
            winners.push(entries[i].agentId);
            total += amounts[i];
        }
    }

    function post() internal {
        post(EraRewards.root(leaves), total);
    }

    function post(bytes32 root, uint256 sum) internal {
        vm.prank(posterOwner);
        rewards.postRoot(era, root, sum, poster);
    }

    function settle() internal {
        post();
        skip(2 days);
        rewards.settleEra(era);
    }

    function claim(uint256 index) internal {
        rewards.claim(era, index, winners[index], amounts[index], EraRewards.proof(leaves, index));
    }

    /// @notice What the court does when a challenge opens: asks the subject, and takes the respondent's bond.
    function challenge(uint256 challengerId) internal returns (Challenge memory asked) {
        vm.startPrank(wiring.disputes);
        asked = IDisputable(wiring.rewards).challenge(era, 7, 1, challengerId, address(0));
        vault.move(asked.pledge, Accounts.dispute(1), 0, asked.bond, Reasons.RESPONDENT_BOND);
        vm.stopPrank();
    }

    /// @notice What the court does in the end: gives the respondent's bond back or away, and rules.
    function rule(uint8 ruling, uint8 cause) internal {
        bool rejected = ruling == 1;
        uint256 bond = balance(Accounts.dispute(1));
        bytes32 home = rejected ? rewards.pledgeOf(era) : Accounts.BURN;
        vm.startPrank(wiring.disputes);
        vault.move(Accounts.dispute(1), home, 0, bond, rejected ? Reasons.BOND_RETURN : Reasons.SLASH_BURN);
        IDisputable(wiring.rewards).rule(era, 7, 1, ruling, cause, rejected ? bond : 0);
        vm.stopPrank();
    }

    function found() internal view returns (EraRoot memory) {
        return rewards.eraOf(era);
    }
}
