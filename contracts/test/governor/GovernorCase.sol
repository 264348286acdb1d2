// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IGovernor } from "@openzeppelin/contracts/governance/IGovernor.sol";
import { ITreasury } from "../../src/interfaces/ITreasury.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";
import { Commons } from "../Commons.sol";
import { vm } from "../Vm.sol";

/// @title Three stakers of 1,000, 600 and 400 thousand credits; the first, who alone reaches the quorum's floor, proposes to
///        spend 1,000 credits.
abstract contract GovernorCase is Commons {
    uint8 internal constant AGAINST = 0;
    uint8 internal constant IN_FAVOUR = 1;
    uint8 internal constant ABSTAIN = 2;

    uint256 internal constant VOTER_KEY = 0x70;
    uint256 internal constant THOUSANDS = 1_000 * CREDITS;
    uint256 internal constant FLOOR = 1_000 * THOUSANDS;
    /// @dev 100 credits, and a twentieth of what is spent.
    uint256 internal constant BOND = 150 * CREDITS;

    address internal proposer = address(0x9209);
    address internal voter = vm.addr(VOTER_KEY);
    address internal small = address(0x5311);
    address internal grantee = address(0x62A);

    address[] internal targets;
    uint256[] internal values;
    bytes[] internal calldatas;
    string internal description = "give";
    uint256 internal id;

    function setUp() public virtual override {
        super.setUp();
        newAgent(proposer, 1_000 * THOUSANDS);
        newAgent(voter, 600 * THOUSANDS);
        newAgent(small, 400 * THOUSANDS);
        fund(proposer, 1_000 * CREDITS);
        skip(1);
        spend(1_000 * CREDITS);
    }

    function spend(uint256 amount) internal {
        call(wiring.treasury, abi.encodeCall(ITreasury.spend, (grantee, amount, "purpose")));
    }

    function call(address target, bytes memory data) internal {
        targets.push(target);
        values.push(0);
        calldatas.push(data);
    }

    function clear() internal {
        delete targets;
        delete values;
        delete calldatas;
    }

    function propose() internal returns (uint256) {
        vm.prank(proposer);
        id = governor.propose(targets, values, calldatas, description);
        return id;
    }

    function vote(address who, uint8 support) internal {
        vm.prank(who);
        governor.castVote(id, support);
    }

    function toVote() internal {
        vm.warp(governor.proposalSnapshot(id) + 1);
    }

    function afterVote() internal {
        vm.warp(governor.proposalDeadline(id) + 1);
    }

    function hash() internal view returns (bytes32) {
        return keccak256(bytes(description));
    }

    function queue() internal {
        governor.queue(targets, values, calldatas, hash());
    }

    function execute() internal {
        governor.execute(targets, values, calldatas, hash());
    }

    function accept() internal {
        toVote();
        vote(proposer, IN_FAVOUR);
        afterVote();
    }

    function councilCalls(address target, bytes memory data) internal {
        for (uint256 i; i < 3; ++i) {
            vm.prank(council()[i]);
            councilSeats.approve(target, data, "salt");
        }
        councilSeats.execute(target, data, "salt");
    }

    function councilCancels() internal {
        councilCalls(wiring.governor, abi.encodeCall(IGovernor.cancel, (targets, values, calldatas, hash())));
    }

    function assertState(IGovernor.ProposalState expected) internal view {
        vm.assertEq(uint256(governor.state(id)), uint256(expected));
    }

    function held() internal view returns (uint256) {
        return balance(Accounts.proposal(id));
    }
}
