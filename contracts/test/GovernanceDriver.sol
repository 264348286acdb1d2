// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IGovernor } from "@openzeppelin/contracts/governance/IGovernor.sol";
import { TimelockController } from "@openzeppelin/contracts/governance/TimelockController.sol";
import { IAgentGovernor } from "../src/interfaces/IAgentGovernor.sol";
import { ICouncil } from "../src/interfaces/ICouncil.sol";
import { IParameters } from "../src/interfaces/IParameters.sol";
import { ITreasury } from "../src/interfaces/ITreasury.sol";
import { Keys } from "../src/libraries/Keys.sol";
import { Commons } from "./Commons.sol";
import { vm } from "./Vm.sol";

/// @title Three stakers who propose, vote, queue, execute and cancel at random, with the council in between.
abstract contract GovernanceDriver is Commons {
    struct Proposal {
        address[] targets;
        uint256[] values;
        bytes[] calldatas;
        string description;
    }

    address[3] internal voters = [address(0xA1), address(0xA2), address(0xA3)];
    Proposal[] internal proposals;

    function seatVoters() internal {
        for (uint256 i; i < 3; ++i) {
            newAgent(voters[i], 600_000 * (1 + i) * CREDITS);
            fund(voters[i], 100_000 * CREDITS);
        }
        skip(1);
    }

    function dice(uint256 sides) internal virtual returns (uint256);

    function governStep() internal {
        if (dice(3) == 0) skip(dice(3 days));
        if (dice(40) == 0) skip(32 days);
        uint256 action = dice(12);
        if (proposals.length == 0 || (action < 2 && dice(3) == 0)) return propose();
        Proposal storage p = proposals[proposals.length - 1 - dice(proposals.length < 2 ? 1 : 2)];
        bytes32 hash = keccak256(bytes(p.description));
        uint256 id = governor.hashProposal(p.targets, p.values, p.calldatas, hash);
        address who = voters[dice(3)];
        if (action < 6) {
            attempt(who, wiring.governor, abi.encodeCall(IGovernor.castVote, (id, uint8(dice(5) < 3 ? 1 : dice(4)))));
        } else if (action < 8) {
            attempt(who, wiring.governor, abi.encodeCall(IGovernor.queue, (p.targets, p.values, p.calldatas, hash)));
        } else if (action < 10) {
            attempt(who, wiring.governor, abi.encodeCall(IGovernor.execute, (p.targets, p.values, p.calldatas, hash)));
        } else if (action == 10) {
            attempt(who, wiring.governor, abi.encodeCall(IAgentGovernor.releaseBond, (id)));
        } else {
            cancel(p, hash, who);
        }
    }

    function propose() internal {
        Proposal storage p = proposals.push();
        uint256 kind = dice(4);
        p.values.push(0);
        p.description = vm.toString(proposals.length);
        if (kind == 0) {
            p.targets.push(wiring.parameters);
            p.calldatas.push(abi.encodeCall(IParameters.setParam, (Keys.QUORUM_VOTES, 200 + dice(900))));
        } else if (kind == 1) {
            p.targets.push(wiring.timelock);
            p.calldatas.push(abi.encodeCall(TimelockController.updateDelay, (1 days + dice(3 days))));
        } else if (kind == 2) {
            p.targets.push(wiring.council);
            p.calldatas.push(abi.encodeCall(ICouncil.setMember, (uint8(dice(5)), address(uint160(0xD0 + dice(9))))));
        } else {
            p.targets.push(wiring.treasury);
            p.calldatas.push(abi.encodeCall(ITreasury.spend, (address(0x62A), dice(1_000 * CREDITS), "why")));
        }
        bytes memory data = abi.encodeCall(IGovernor.propose, (p.targets, p.values, p.calldatas, p.description));
        if (!attempt(voters[dice(3)], wiring.governor, data)) proposals.pop();
    }

    function cancel(Proposal storage p, bytes32 hash, address who) internal {
        uint256 way = dice(6);
        if (way < 2) {
            address canceller = way == 0 ? who : wiring.council;
            bytes memory data = abi.encodeCall(IGovernor.cancel, (p.targets, p.values, p.calldatas, hash));
            attempt(canceller, wiring.governor, data);
            return;
        }
        bytes32 salt = bytes20(wiring.governor) ^ hash;
        if (way == 2) {
            bytes32 operation = timelock.hashOperationBatch(p.targets, p.values, p.calldatas, 0, salt);
            attempt(wiring.council, wiring.timelock, abi.encodeCall(TimelockController.cancel, (operation)));
        } else {
            attempt(
                who,
                wiring.timelock,
                abi.encodeCall(TimelockController.executeBatch, (p.targets, p.values, p.calldatas, 0, salt))
            );
        }
    }
}
