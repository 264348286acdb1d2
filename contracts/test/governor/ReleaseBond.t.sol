// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IGovernor } from "@openzeppelin/contracts/governance/IGovernor.sol";
import { IAgentGovernor } from "../../src/interfaces/IAgentGovernor.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Reasons } from "../../src/libraries/Accounts.sol";
import { vm } from "../Vm.sol";
import { GovernorCase } from "./GovernorCase.sol";

contract GovernorReleaseBondTest is GovernorCase {
    uint256 private treasuryBefore;

    function setUp() public override {
        super.setUp();
        treasuryBefore = treasury.funds();
        propose();
    }

    function assertReturned() private {
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(Accounts.proposal(id), Accounts.credit(proposer), bytes32(id), BOND, Reasons.BOND_RETURN);
        governor.releaseBond(id);
        vm.assertEq(creditOf(proposer), 1_000 * CREDITS);
        vm.assertEq(held(), 0);
    }

    function assertLost() private {
        vm.expectEmit(wiring.vault);
        emit IVault.Moved(Accounts.proposal(id), Accounts.TREASURY, bytes32(id), BOND, Reasons.SPEND_BOND);
        governor.releaseBond(id);
        vm.assertEq(creditOf(proposer), 850 * CREDITS);
        vm.assertEq(treasury.funds(), treasuryBefore + BOND);
    }

    function test_Executed_returns_it() public {
        accept();
        queue();
        skip(2 days);
        execute();
        assertReturned();
    }

    function test_Expired_returns_it() public {
        accept();
        skip(31 days);
        assertReturned();
    }

    function test_Defeated_narrowly_returns_it() public {
        toVote();
        vote(proposer, AGAINST);
        vote(voter, IN_FAVOUR);
        vote(small, ABSTAIN);
        afterVote();
        vm.assertFalse(governor.isRejected(id));
        assertReturned();
    }

    function test_Nobody_voting_returns_it() public {
        afterVote();
        assertReturned();
    }

    function test_Two_thirds_against_lose_it() public {
        toVote();
        vote(proposer, AGAINST);
        vote(small, ABSTAIN);
        afterVote();
        vm.assertTrue(governor.isRejected(id));
        assertLost();
    }

    function test_A_unanimous_no_loses_it_although_nobody_was_in_favour() public {
        toVote();
        vote(small, AGAINST);
        afterVote();
        assertLost();
    }

    function test_Cancelled_by_the_council_loses_it() public {
        councilCancels();
        assertLost();
    }

    function test_A_running_proposal_keeps_it() public {
        vm.expectRevert(abi.encodeWithSelector(IAgentGovernor.NotEnded.selector, id, 0));
        governor.releaseBond(id);
        accept();
        vm.expectRevert(abi.encodeWithSelector(IAgentGovernor.NotEnded.selector, id, 4));
        governor.releaseBond(id);
    }

    function test_It_is_released_once() public {
        afterVote();
        governor.releaseBond(id);
        vm.expectRevert(abi.encodeWithSelector(IAgentGovernor.NoBond.selector, id));
        governor.releaseBond(id);
    }

    function test_Fuzz_the_bond_goes_one_way_and_whole(uint8[3] memory choices, uint8 end) public {
        address[3] memory voters = [proposer, voter, small];
        if (end % 4 == 0) {
            councilCancels();
        } else {
            toVote();
            for (uint256 i; i < 3; ++i) {
                if (choices[i] % 4 != 3) vote(voters[i], choices[i] % 4);
            }
            afterVote();
            if (governor.state(id) == IGovernor.ProposalState.Succeeded) skip(40 days);
        }
        (uint256 against, uint256 inFavour, uint256 abstaining) = governor.proposalVotes(id);
        uint256 all = against + inFavour + abstaining;
        bool lost = end % 4 == 0 || (all >= 80 * THOUSANDS && 3 * against >= 2 * all);
        governor.releaseBond(id);
        vm.assertEq(creditOf(proposer), lost ? 850 * CREDITS : 1_000 * CREDITS);
        vm.assertEq(treasury.funds(), lost ? treasuryBefore + BOND : treasuryBefore);
    }
}
