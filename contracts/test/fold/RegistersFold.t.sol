// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { ERC2771Forwarder } from "@openzeppelin/contracts/metatx/ERC2771Forwarder.sol";
import { Breaker } from "../../src/Breaker.sol";
import { Forwarder } from "../../src/Forwarder.sol";
import { Council } from "../../src/governance/Council.sol";
import { Directory } from "../../src/governance/Directory.sol";
import { Parameters } from "../../src/governance/Parameters.sol";
import { IAgency, Action } from "../../src/interfaces/IAgency.sol";
import { IBreaker } from "../../src/interfaces/IBreaker.sol";
import { ICouncil } from "../../src/interfaces/ICouncil.sol";
import { IDirectory, Registration } from "../../src/interfaces/IDirectory.sol";
import { IFaucet } from "../../src/interfaces/IFaucet.sol";
import { IParameters } from "../../src/interfaces/IParameters.sol";
import { IValidation, Verdict } from "../../src/interfaces/IValidation.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Keys } from "../../src/libraries/Keys.sol";
import { Genesis, Wiring } from "../../src/libraries/Wiring.sol";
import { Agency } from "../../src/records/Agency.sol";
import { Validation } from "../../src/records/Validation.sol";
import { Credit } from "../../src/token/Credit.sol";
import { Faucet } from "../../src/token/Faucet.sol";
import { Relaying } from "../forwarder/Relaying.sol";
import { Commons } from "../Commons.sol";
import { Economy } from "../Economy.sol";
import { vm, Vm } from "../Vm.sol";
import { Fold, IReplica } from "./Fold.sol";
import { Walk } from "./Walk.sol";

contract CreditReplica is Credit, IReplica {
    address private immutable ORIGINAL;

    constructor(Wiring memory wiring, Genesis memory genesis) Credit(wiring, genesis) {
        ORIGINAL = wiring.credit;
        _burn(wiring.vault, genesis.treasurySupply);
        _burn(wiring.faucet, genesis.faucetSupply);
        _burn(genesis.supplyHolder, genesis.supply - genesis.treasurySupply - genesis.faucetSupply);
    }

    function fold(Vm.Log calldata log) external {
        if (log.emitter != ORIGINAL) return;
        address one = address(uint160(uint256(log.topics[1])));
        if (log.topics[0] == NonceUsed.selector) {
            _useNonce(one);
        } else if (log.topics[0] == AuthorizationUsed.selector || log.topics[0] == AuthorizationCanceled.selector) {
            _spent[one][log.topics[2]] = true;
        } else if (log.topics[0] == IERC20.Transfer.selector) {
            _update(one, address(uint160(uint256(log.topics[2]))), abi.decode(log.data, (uint256)));
        } else if (log.topics[0] == IERC20.Approval.selector) {
            _approve(one, address(uint160(uint256(log.topics[2]))), abi.decode(log.data, (uint256)), false);
        }
    }
}

contract FaucetReplica is Faucet, IReplica {
    address private immutable ORIGINAL;

    constructor(Wiring memory wiring, Genesis memory genesis) Faucet(wiring, genesis) {
        ORIGINAL = wiring.faucet;
    }

    function fold(Vm.Log calldata log) external {
        if (log.emitter != ORIGINAL) return;
        (, _nextDripAt[address(uint160(uint256(log.topics[1])))]) = abi.decode(log.data, (uint256, uint64));
    }
}

contract ForwarderReplica is Forwarder, IReplica {
    address private immutable ORIGINAL;

    constructor(Wiring memory wiring, Genesis memory genesis) Forwarder(wiring, genesis) {
        ORIGINAL = wiring.forwarder;
    }

    function fold(Vm.Log calldata log) external {
        if (log.emitter != ORIGINAL || log.topics[0] != ExecutedForwardRequest.selector) return;
        _useNonce(address(uint160(uint256(log.topics[1]))));
    }
}

contract ParametersReplica is Parameters, IReplica {
    address private immutable ORIGINAL;

    constructor(Wiring memory wiring, Genesis memory genesis) Parameters(wiring, genesis) {
        ORIGINAL = wiring.parameters;
        for (uint256 i; i < Keys.COUNT; ++i) {
            (bytes32 key,,,) = Keys.row(i);
            delete _values[key];
            delete _clocks[key];
        }
        _taskRules = 0;
    }

    function fold(Vm.Log calldata log) external {
        if (log.emitter != ORIGINAL) return;
        bytes32 key = log.topics[1];
        uint64 time = uint64(block.timestamp);
        if (key == Keys.REP_HALF_LIFE || key == Keys.REC_HALF_LIFE || key == Keys.STRIKE_HALF_LIFE) {
            _clocks[key] = DecayClock(time, _values[key].known ? uint128(exponentAt(key, time)) : 0);
        }
        uint64 changedAt = _values[key].known ? time : 0;
        _values[key] = Value(uint184(abi.decode(log.data, (uint256))), changedAt, true);
        // The first values come one by one; the word is whole with the last.
        (bytes32 last,,,) = Keys.row(Keys.COUNT - 1);
        if (_values[last].known) _taskRules = _packTaskRules();
    }
}

contract BreakerReplica is Breaker, IReplica {
    address private immutable ORIGINAL;

    constructor(Wiring memory wiring, Genesis memory genesis) Breaker(wiring, genesis) {
        ORIGINAL = wiring.breaker;
        for (uint256 i; i < genesis.guardians.length; ++i) {
            delete _guardians[genesis.guardians[i]];
        }
    }

    function fold(Vm.Log calldata log) external {
        if (log.emitter != ORIGINAL) return;
        uint64 time = uint64(block.timestamp);
        if (log.topics[0] == GuardianSet.selector) {
            _guardians[address(uint160(uint256(log.topics[1])))] = abi.decode(log.data, (bool));
        } else if (log.topics[0] == BreakerTripped.selector) {
            (uint8 level, uint64 until,) = abi.decode(log.data, (uint8, uint64, bytes32));
            _push(log.topics[1], level, time, until);
        } else {
            Trip[] storage trips = _trips[log.topics[1]];
            trips[trips.length - 1].until = time;
            trips[trips.length - 1].graceEnd = abi.decode(log.data, (uint64));
        }
    }
}

contract CouncilReplica is Council, IReplica {
    address private immutable ORIGINAL;

    constructor(Wiring memory wiring, Genesis memory genesis) Council(wiring, genesis) {
        ORIGINAL = wiring.council;
        for (uint8 seat; seat < SEATS; ++seat) {
            delete _members[seat];
        }
    }

    function fold(Vm.Log calldata log) external {
        if (log.emitter != ORIGINAL) return;
        bytes32 id = log.topics[1];
        if (log.topics[0] == CouncilMemberSet.selector) {
            uint8 seat = uint8(uint256(id));
            if (_members[seat] != address(0)) _seatedAt = uint64(block.timestamp);
            _members[seat] = address(uint160(uint256(log.topics[2])));
        } else if (log.topics[0] == CouncilCallApproved.selector) {
            (,,, uint64 expiresAt) = abi.decode(log.data, (address, bytes, bytes32, uint64));
            if (expiresAt != _calls[id].expiresAt) ++_calls[id].attempt;
            _calls[id].expiresAt = expiresAt;
            _approvals[id][address(uint160(uint256(log.topics[2])))] = _calls[id].attempt;
        } else {
            _calls[id].executed = true;
        }
    }
}

contract DirectoryReplica is Directory, IReplica {
    address private immutable ORIGINAL;

    constructor(Wiring memory wiring, Genesis memory genesis) Directory(wiring, genesis) {
        ORIGINAL = wiring.directory;
        while (_names.length != 0) {
            delete _registrations[_names[_names.length - 1]];
            _names.pop();
        }
    }

    function fold(Vm.Log calldata log) external {
        if (log.emitter != ORIGINAL) return;
        (uint32 version, bytes32 hash) = abi.decode(log.data, (uint32, bytes32));
        _set(log.topics[1], Registration(address(uint160(uint256(log.topics[2]))), version, hash));
    }
}

contract AgencyReplica is Agency, IReplica {
    address private immutable ORIGINAL;

    constructor(Wiring memory wiring, Genesis memory genesis) Agency(wiring, genesis) {
        ORIGINAL = wiring.agency;
    }

    function fold(Vm.Log calldata log) external {
        if (log.emitter != ORIGINAL) return;
        uint256 id = uint256(log.topics[1]);
        if (log.topics[0] == ActionRecorded.selector) {
            _count = id;
            (bytes32 dataHash,) = abi.decode(log.data, (bytes32, string));
            _actions[id] = Action(uint256(log.topics[2]), log.topics[3], dataHash, 0, uint64(block.timestamp), 0);
        } else {
            (_actions[id].outcomeHash,) = abi.decode(log.data, (bytes32, string));
            _actions[id].outcomeAt = uint64(block.timestamp);
        }
    }
}

contract ValidationReplica is Validation, IReplica {
    address private immutable ORIGINAL;

    constructor(Wiring memory wiring, Genesis memory genesis) Validation(wiring, genesis) {
        ORIGINAL = wiring.validation;
    }

    function fold(Vm.Log calldata log) external {
        if (log.emitter != ORIGINAL) return;
        address validator = address(uint160(uint256(log.topics[1])));
        bytes32 hash = log.topics[3];
        if (log.topics[0] == ValidationRequest.selector) {
            _requests[hash] = Request(validator, uint256(log.topics[2]));
            _ofAgent[uint256(log.topics[2])].push(hash);
            _ofValidator[validator].push(hash);
        } else {
            (uint8 response,, bytes32 responseHash, string memory tag) =
                abi.decode(log.data, (uint8, string, bytes32, string));
            _verdicts[hash].push(Verdict(responseHash, uint64(block.timestamp), response, tag));
        }
    }
}

/// @notice The contracts that only record: token, faucet, forwarder, parameters, breaker, council, directory, agency, validation.
contract RegistersFoldTest is Walk, Relaying {
    uint256[3] private keys = [uint256(0x11), 0x22, 0x33];
    bytes32 private constant PERMIT =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");

    bytes32 private constant TRANSFER = keccak256(
        "TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );
    bytes32 private constant RECEIVE = keccak256(
        "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );
    bytes4 private constant BY_ANYONE = bytes4(
        keccak256("transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)")
    );
    bytes4 private constant BY_RECIPIENT = bytes4(
        keccak256("receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)")
    );
    bytes32 private constant CANCELLED = keccak256("CancelAuthorization(address authorizer,bytes32 nonce)");
    bytes4 private constant CANCEL = bytes4(keccak256("cancelAuthorization(address,bytes32,bytes)"));

    function setUp() public override(Walk, Commons) {
        super.setUp();
        follow(wiring.credit, address(new CreditReplica(wiring, genesis())));
        follow(wiring.faucet, address(new FaucetReplica(wiring, genesis())));
        follow(wiring.forwarder, address(new ForwarderReplica(wiring, genesis())));
        follow(wiring.parameters, address(new ParametersReplica(wiring, genesis())));
        follow(wiring.breaker, address(new BreakerReplica(wiring, genesis())));
        follow(wiring.council, address(new CouncilReplica(wiring, genesis())));
        follow(wiring.directory, address(new DirectoryReplica(wiring, genesis())));
        follow(wiring.agency, address(new AgencyReplica(wiring, genesis())));
        follow(wiring.validation, address(new ValidationReplica(wiring, genesis())));
        for (uint256 i; i < 3; ++i) {
            newAgent(vm.addr(keys[i]), 0);
            fund(vm.addr(keys[i]), 10 * CREDITS);
        }
        foldNow();
    }

    function skip(uint256 seconds_) internal override(Economy, Walk) {
        super.skip(seconds_);
    }

    function attempt(address who, address target, bytes memory data)
        internal
        override(Economy, Walk)
        returns (bool done)
    {
        return super.attempt(who, target, data);
    }

    function step() internal override {
        if (dice(3) == 0) skip(dice(3 days));
        uint256 action = dice(13);
        if (action == 12) stepAuthorization();
        else if (action < 4) stepToken(action);
        else if (action < 8) stepPower(action);
        else stepRecord(action);
    }

    function stepToken(uint256 action) private {
        uint256 key = keys[dice(3)];
        address who = vm.addr(key);
        address other = vm.addr(keys[dice(3)]);
        if (action == 0) {
            attempt(other, wiring.faucet, abi.encodeCall(IFaucet.drip, (who)));
        } else if (action == 1) {
            if (dice(2) == 0) attempt(who, wiring.credit, abi.encodeCall(IERC20.approve, (other, dice(100))));
            attempt(other, wiring.credit, abi.encodeCall(IERC20.transferFrom, (who, other, dice(100))));
        } else if (action == 2) {
            uint256 value = dice(100);
            bytes32 what =
                keccak256(abi.encode(PERMIT, who, other, value, credit.nonces(who), block.timestamp + dice(2)));
            (uint8 v, bytes32 r, bytes32 s) =
                vm.sign(key, keccak256(abi.encodePacked(hex"1901", credit.DOMAIN_SEPARATOR(), what)));
            attempt(
                other,
                wiring.credit,
                abi.encodeWithSelector(credit.permit.selector, who, other, value, block.timestamp, v, r, s)
            );
        } else {
            bytes memory inner = abi.encodeCall(IVault.withdraw, (dice(3), who));
            attempt(
                other, wiring.forwarder, abi.encodeCall(ERC2771Forwarder.execute, (request(key, wiring.vault, inner)))
            );
        }
    }

    function stepAuthorization() private {
        uint256 key = keys[dice(3)];
        address other = vm.addr(keys[dice(3)]);
        bytes32 nonce = bytes32(dice(30));
        uint256 way = dice(3);
        if (way == 2) {
            bytes memory signature = authorized(key, abi.encode(CANCELLED, vm.addr(key), nonce));
            attempt(other, wiring.credit, abi.encodeWithSelector(CANCEL, vm.addr(key), nonce, signature));
            return;
        }
        bytes memory what =
            abi.encode(vm.addr(key), other, dice(3), block.timestamp - dice(2), block.timestamp + dice(2), nonce);
        bytes memory signed = authorized(key, bytes.concat(way == 0 ? TRANSFER : RECEIVE, what));
        // Six words, then a tail: where the signature begins, and the signature.
        bytes memory tail = bytes.concat(bytes32(uint256(7 * 32)), bytes32(signed.length), signed, new bytes(31));
        attempt(other, wiring.credit, bytes.concat(way == 0 ? BY_ANYONE : BY_RECIPIENT, what, tail));
    }

    function authorized(uint256 key, bytes memory encoded) private view returns (bytes memory) {
        return sign(key, keccak256(abi.encodePacked(hex"1901", credit.DOMAIN_SEPARATOR(), keccak256(encoded))));
    }

    function stepPower(uint256 action) private {
        if (action == 4) {
            (bytes32 key,, uint256 lowest, uint256 highest) = Keys.row(dice(Keys.COUNT));
            uint256 value = bound(dice(type(uint128).max), lowest, highest + 1);
            attempt(wiring.timelock, wiring.parameters, abi.encodeCall(IParameters.setParam, (key, value)));
        } else if (action == 5) {
            bytes32 scope = dice(2) == 0 ? bytes32(0) : bytes32("guilds");
            uint64 time = uint64(dice(80 hours));
            bytes memory data = abi.encodeCall(IBreaker.trip, (scope, uint8(dice(4)), time, "why"));
            if (dice(3) == 0) {
                data = abi.encodeCall(IBreaker.setGuardian, (address(uint160(7 + dice(3))), dice(2) == 0));
            }
            attempt(dice(3) == 0 ? wiring.timelock : guardian, wiring.breaker, data);
            data = abi.encodeCall(IBreaker.setGuardian, (address(uint160(7 + dice(3))), dice(2) == 0));
            attempt(wiring.timelock, wiring.breaker, data);
        } else if (action == 6) {
            bytes memory data = abi.encodeCall(IBreaker.reset, (bytes32(0)));
            bytes32 salt = bytes32(dice(50));
            attempt(guardian, wiring.breaker, abi.encodeCall(IBreaker.trip, (bytes32(0), 1, 1 hours, "why")));
            for (uint8 i; i < 4; ++i) {
                address member = councilSeats.memberAt(i + uint8(dice(2)));
                attempt(member, wiring.council, abi.encodeCall(ICouncil.approve, (wiring.breaker, data, salt)));
            }
            attempt(member0(), wiring.council, abi.encodeCall(ICouncil.execute, (wiring.breaker, data, salt)));
        } else {
            bytes memory data = abi.encodeCall(ICouncil.setMember, (uint8(dice(6)), address(uint160(90 + dice(9)))));
            attempt(wiring.timelock, wiring.council, data);
            data = abi.encodeCall(
                IDirectory.register, (bytes32(dice(4)), wiring.guilds, uint32(1 + dice(9)), bytes32(dice(9)))
            );
            attempt(wiring.timelock, wiring.directory, data);
        }
    }

    function member0() private view returns (address) {
        return councilSeats.memberAt(0);
    }

    function stepRecord(uint256 action) private {
        uint256 agentId = 1 + dice(3);
        address who = vm.addr(keys[agentId - 1]);
        address other = vm.addr(keys[dice(3)]);
        if (action == 8) {
            attempt(who, wiring.agency, abi.encodeCall(IAgency.recordAction, (agentId, "k", bytes32(dice(4)), "u")));
        } else if (action == 9) {
            uint256 id = dice(agency.actionCount() + 2);
            attempt(who, wiring.agency, abi.encodeCall(IAgency.recordOutcome, (id, bytes32(dice(4)), "u")));
        } else if (action == 10) {
            bytes32 hash = bytes32(dice(40));
            bytes memory data = abi.encodeCall(IValidation.validationRequest, (other, agentId, "u", hash));
            attempt(who, wiring.validation, data);
        } else {
            bytes32 hash = bytes32(dice(40));
            string memory tag = dice(2) == 0 ? "short" : "a tag that is longer than one word of thirty-two bytes";
            bytes memory data =
                abi.encodeCall(IValidation.validationResponse, (hash, uint8(dice(120)), "u", bytes32(dice(9)), tag));
            attempt(other, wiring.validation, data);
        }
    }

    function test_The_events_alone_rebuild_every_register() public {
        walk(5, 800);
        assertReached(IFaucet.drip.selector);
        assertReached(IERC20.transferFrom.selector);
        assertReached(credit.permit.selector);
        assertReached(BY_ANYONE);
        assertReached(BY_RECIPIENT);
        assertReached(CANCEL);
        assertReached(ERC2771Forwarder.execute.selector);
        assertReached(IParameters.setParam.selector);
        assertReached(IBreaker.trip.selector);
        assertReached(IBreaker.setGuardian.selector);
        assertReached(ICouncil.approve.selector);
        assertReached(ICouncil.execute.selector);
        assertReached(ICouncil.setMember.selector);
        assertReached(IDirectory.register.selector);
        assertReached(IAgency.recordAction.selector);
        assertReached(IAgency.recordOutcome.selector);
        assertReached(IValidation.validationRequest.selector);
        assertReached(IValidation.validationResponse.selector);
    }

    /// forge-config: default.fuzz.runs = 16
    function test_Fuzz_the_events_alone_rebuild_every_register(uint256 seed) public {
        walk(seed, 80);
    }
}
