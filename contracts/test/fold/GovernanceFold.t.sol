// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAccessControl } from "@openzeppelin/contracts/access/IAccessControl.sol";
import { IGovernor } from "@openzeppelin/contracts/governance/IGovernor.sol";
import { TimelockController } from "@openzeppelin/contracts/governance/TimelockController.sol";
import { AgentGovernor } from "../../src/governance/AgentGovernor.sol";
import { Timelock } from "../../src/governance/Timelock.sol";
import { IAgentGovernor } from "../../src/interfaces/IAgentGovernor.sol";
import { Offices } from "../../src/libraries/Offices.sol";
import { Genesis, Wiring } from "../../src/libraries/Wiring.sol";
import { Commons } from "../Commons.sol";
import { Economy } from "../Economy.sol";
import { GovernanceDriver } from "../GovernanceDriver.sol";
import { vm, Vm } from "../Vm.sol";
import { IReplica } from "./Fold.sol";
import { Notebook, Walk } from "./Walk.sol";

/// @notice OpenZeppelin keeps some state private; where no internal function writes it from an event's words, the replica
///         writes the slot itself (positions from `forge inspect`; a wrong one could not pass assertFolded).
library Slots {
    function write(bytes32 slot, bytes32 word) internal {
        assembly ("memory-safe") {
            sstore(slot, word)
        }
    }

    function read(bytes32 slot) internal view returns (bytes32 word) {
        assembly ("memory-safe") {
            word := sload(slot)
        }
    }

    function entry(uint256 mappingSlot, bytes32 key) internal pure returns (bytes32) {
        return keccak256(abi.encode(key, mappingSlot));
    }
}

contract TimelockReplica is Timelock, IReplica {
    uint256 private constant TIMESTAMPS = 1;
    uint256 private constant MIN_DELAY = 2;
    address private immutable ORIGINAL;
    Notebook private immutable NOTEBOOK = new Notebook();

    constructor(Wiring memory wiring, Genesis memory genesis) Timelock(wiring, genesis) {
        ORIGINAL = wiring.timelock;
        _revokeRole(DEFAULT_ADMIN_ROLE, address(this));
        _revokeRole(PROPOSER_ROLE, wiring.governor);
        _revokeRole(CANCELLER_ROLE, wiring.governor);
        _revokeRole(CANCELLER_ROLE, wiring.council);
        _revokeRole(EXECUTOR_ROLE, address(0));
        Slots.write(bytes32(MIN_DELAY), 0);
    }

    function fold(Vm.Log calldata log) external {
        bytes32 topic = log.topics[0];
        // ProposalQueued says that the governor scheduled what has just been scheduled.
        if (log.emitter == GOVERNOR && topic == IGovernor.ProposalQueued.selector) {
            if (NOTEBOOK.noted("seats") != 0) _seatings[NOTEBOOK.noted("seats")] = true;
            NOTEBOOK.note("seats", 0);
        }
        if (log.emitter != ORIGINAL) return;
        if (topic == IAccessControl.RoleGranted.selector) {
            _grantRole(log.topics[1], address(uint160(uint256(log.topics[2]))));
        } else if (topic == IAccessControl.RoleRevoked.selector) {
            _revokeRole(log.topics[1], address(uint160(uint256(log.topics[2]))));
        } else if (topic == MinDelayChange.selector) {
            (, uint256 delay) = abi.decode(log.data, (uint256, uint256));
            if (uint256(Slots.read(bytes32(MIN_DELAY))) != 0) _delayChangedAt = uint64(block.timestamp);
            Slots.write(bytes32(MIN_DELAY), bytes32(delay));
        } else if (topic == CallScheduled.selector) {
            (address target,, bytes memory data,, uint256 delay) =
                abi.decode(log.data, (address, uint256, bytes, bytes32, uint256));
            // A call that seats a member has no second one beside it.
            bool seats = log.topics[2] == 0 && Offices.seats(COUNCIL, target, bytes4(data));
            NOTEBOOK.note("seats", seats ? log.topics[1] : bytes32(0));
            Slots.write(Slots.entry(TIMESTAMPS, log.topics[1]), bytes32(block.timestamp + delay));
        } else if (topic == CallExecuted.selector) {
            Slots.write(Slots.entry(TIMESTAMPS, log.topics[1]), bytes32(DONE_TIMESTAMP));
        } else if (topic == Cancelled.selector) {
            Slots.write(Slots.entry(TIMESTAMPS, log.topics[1]), 0);
        }
    }
}

contract GovernorReplica is AgentGovernor, IReplica {
    uint256 private constant PROPOSALS = 4;
    uint256 private constant TIMELOCK_IDS = 9;
    address private immutable ORIGINAL;
    address private immutable TIMELOCK;
    Notebook private immutable NOTEBOOK = new Notebook();

    constructor(Wiring memory wiring, Genesis memory genesis) AgentGovernor(wiring, genesis) {
        ORIGINAL = wiring.governor;
        TIMELOCK = wiring.timelock;
    }

    function fold(Vm.Log calldata log) external {
        bytes32 topic = log.topics[0];
        // ProposalQueued follows the CallScheduled that names its operation.
        if (log.emitter == TIMELOCK && topic == TimelockController.CallScheduled.selector) {
            NOTEBOOK.note("scheduled", log.topics[1]);
        }
        if (log.emitter != ORIGINAL) return;
        if (topic == IAgentGovernor.QuorumFixed.selector) {
            _needs[uint256(log.topics[1])].quorumBps = abi.decode(log.data, (uint16));
        } else if (topic == IAgentGovernor.QuorumFloorFixed.selector) {
            _needs[uint256(log.topics[1])].floor = uint128(abi.decode(log.data, (uint256)));
        } else if (topic == NonceUsed.selector) {
            _useNonce(address(uint160(uint256(log.topics[1]))));
        } else if (topic == VoteCast.selector) {
            (uint256 id, uint8 choice, uint256 weight,) = abi.decode(log.data, (uint256, uint8, uint256, string));
            _countVote(id, address(uint160(uint256(log.topics[1]))), choice, weight, "");
        } else if (topic == ProposalCreated.selector) {
            _foldCreated(log.data);
        } else if (topic == ProposalQueued.selector) {
            (bytes32 id, uint256 eta) = abi.decode(log.data, (bytes32, uint256));
            Slots.write(bytes32(uint256(Slots.entry(PROPOSALS, id)) + 1), bytes32(eta));
            Slots.write(Slots.entry(TIMELOCK_IDS, id), NOTEBOOK.noted("scheduled"));
        } else if (topic == ProposalExecuted.selector) {
            _foldEnd(abi.decode(log.data, (bytes32)), 1 << 240);
        } else if (topic == ProposalCanceled.selector) {
            _foldEnd(abi.decode(log.data, (bytes32)), 1 << 248);
        }
    }

    function _foldCreated(bytes calldata data) private {
        (uint256 id, address proposer,,,,, uint256 start, uint256 end,) =
            abi.decode(data, (uint256, address, address[], uint256[], string[], bytes[], uint256, uint256, string));
        uint256 word = uint160(proposer) | (start << 160) | ((end - start) << 208);
        Slots.write(Slots.entry(PROPOSALS, bytes32(id)), bytes32(word));
    }

    function _foldEnd(bytes32 id, uint256 flag) private {
        bytes32 slot = Slots.entry(PROPOSALS, id);
        Slots.write(slot, Slots.read(slot) | bytes32(flag));
        Slots.write(Slots.entry(TIMELOCK_IDS, id), 0);
    }
}

contract GovernanceFoldTest is Walk, GovernanceDriver {
    function setUp() public override(Commons, Walk) {
        super.setUp();
        follow(wiring.timelock, address(new TimelockReplica(wiring, genesis())));
        follow(wiring.governor, address(new GovernorReplica(wiring, genesis())));
        seatVoters();
    }

    function step() internal override {
        governStep();
    }

    function dice(uint256 sides) internal override(Walk, GovernanceDriver) returns (uint256) {
        return Walk.dice(sides);
    }

    function attempt(address who, address target, bytes memory data) internal override(Economy, Walk) returns (bool) {
        return Walk.attempt(who, target, data);
    }

    function skip(uint256 seconds_) internal override(Economy, Walk) {
        Walk.skip(seconds_);
    }

    function test_The_events_alone_rebuild_governor_and_timelock() public {
        walk(9, 2_000);
        assertReached(IGovernor.propose.selector);
        assertReached(IGovernor.castVote.selector);
        assertReached(IGovernor.queue.selector);
        assertReached(IGovernor.execute.selector);
        assertReached(IGovernor.cancel.selector);
        assertReached(IAgentGovernor.releaseBond.selector);
        assertReached(TimelockController.cancel.selector);
        assertReached(TimelockController.executeBatch.selector);
    }

    /// forge-config: default.fuzz.runs = 12
    function test_Fuzz_the_events_alone_rebuild_governor_and_timelock(uint256 seed) public {
        walk(seed, 100);
    }
}
