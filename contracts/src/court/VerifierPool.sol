// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { AccessControl } from "@openzeppelin/contracts/access/AccessControl.sol";
import { Context } from "@openzeppelin/contracts/utils/Context.sol";
import { ERC2771Context } from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import { IAgentRegistry } from "../interfaces/IAgentRegistry.sol";
import { IDisputes } from "../interfaces/IDisputes.sol";
import { Attestation, IVerifierPool, Member } from "../interfaces/IVerifierPool.sol";
import { Decay } from "../libraries/Decay.sol";
import { Domains } from "../libraries/Domains.sol";
import { Keys } from "../libraries/Keys.sol";
import { SeedWindows } from "../libraries/SeedWindows.sol";
import { SumTree } from "../libraries/SumTree.sol";
import { Genesis, Wiring } from "../libraries/Wiring.sol";
import { Drawing } from "./Drawing.sol";

/// @notice See IVerifierPool. Membership, attestations and the freeze; Drawing weighs and draws.
/// @dev Always holds: slots 0 to memberCount - 1 are taken and no others; a leaf outside them weighs nothing; a member's
///      registry entry is locked. While a round waits for a known seed, no leaf, member or attestation changes.
contract VerifierPool is Drawing, AccessControl {
    bytes32 internal constant POOL = Domains.VERIFICATION;
    bytes32 public constant ATTESTER_ROLE = keccak256("ATTESTER_ROLE");

    uint64 internal constant LONGEST_ATTESTATION = 180 days;
    uint256 internal constant IDLE_HALF_LIVES = 3;

    uint8 internal constant LEFT = 1;
    uint8 internal constant IDLE = 2;
    uint8 internal constant BELOW_MINIMUM = 3;

    IDisputes internal immutable DISPUTES;
    address internal immutable CHECKPOINTS;

    constructor(Wiring memory wiring, Genesis memory genesis) Drawing(wiring) {
        DISPUTES = IDisputes(wiring.disputes);
        CHECKPOINTS = wiring.checkpoints;
        _grantRole(DEFAULT_ADMIN_ROLE, wiring.timelock);
        for (uint256 i; i < genesis.attesters.length; ++i) {
            _grantRole(ATTESTER_ROLE, genesis.attesters[i]);
        }
    }

    modifier thawed() {
        requireThawed();
        _;
    }

    modifier onlyModule() {
        require(msg.sender == address(DISPUTES) || msg.sender == CHECKPOINTS, OnlyModule(msg.sender));
        _;
    }

    /// @inheritdoc IVerifierPool
    function join(uint256 verifierId) external opening thawed {
        address owner = REGISTRY.requireActor(verifierId, _msgSender());
        require(_members[verifierId].place == 0, AlreadyMember(verifierId));
        require(_memberCount < SumTree.LEAVES, PoolFull(SumTree.LEAVES));
        uint256 found = STAKE.stakeOf(verifierId);
        uint256 needed = PARAMETERS.get(Keys.MIN_STAKE_VERIFIER);
        require(found >= needed, StakeTooLow(verifierId, found, needed));

        (bytes32 orgKey,) = keysOf(verifierId);
        emit VerifierJoined(POOL, verifierId, orgKey == 0 ? bytes32(uint256(uint160(owner))) : orgKey);
        _enter(verifierId, _now());
        _countOrganisation(orgKey);
        _write(verifierId);
        REGISTRY.lock(verifierId);
    }

    /// @inheritdoc IVerifierPool
    function leave(uint256 verifierId) external thawed {
        address caller = _msgSender();
        require(REGISTRY.mayAct(verifierId, caller), IAgentRegistry.NotAgent(verifierId, caller));
        _requireMember(verifierId);
        uint256 seats = DISPUTES.openSeatsOf(verifierId);
        require(seats == 0, SeatsOpen(verifierId, seats));
        _remove(verifierId, LEFT);
    }

    /// @inheritdoc IVerifierPool
    function refreshWeight(uint256 verifierId) external thawed {
        _requireMember(verifierId);
        _write(verifierId);
    }

    /// @inheritdoc IVerifierPool
    function evict(uint256 verifierId) external timeout thawed {
        _requireMember(verifierId);
        uint256 seats = DISPUTES.openSeatsOf(verifierId);
        // Its seats hold stake that counts for it, and its votes are still to come.
        require(seats == 0, SeatsOpen(verifierId, seats));
        if (STAKE.stakeOf(verifierId) < PARAMETERS.get(Keys.MIN_STAKE_VERIFIER)) {
            _remove(verifierId, BELOW_MINIMUM);
        } else {
            require(_members[verifierId].lastActive == 0 || _idle(verifierId), StillFit(verifierId));
            _remove(verifierId, IDLE);
        }
    }

    /// @inheritdoc IVerifierPool
    function attest(uint256 verifierId, bytes32 orgKey, bytes32 asnKey, uint64 validUntil)
        external
        onlyRole(ATTESTER_ROLE)
        thawed
    {
        REGISTRY.ownerOf(verifierId);
        uint64 latest = _now() + LONGEST_ATTESTATION;
        require(validUntil <= latest, ValidTooLong(validUntil, latest));
        bool holds = validUntil > block.timestamp;
        require(!holds || (orgKey != 0 && asnKey != 0), KeysMissing(verifierId));
        address attester = _msgSender();
        _attestations[verifierId] = Attestation(orgKey, asnKey, validUntil, attester);
        emit VerifierAttested(verifierId, attester, orgKey, asnKey, validUntil);
        if (holds && _members[verifierId].place != 0) _countOrganisation(orgKey);
    }

    /// @inheritdoc IVerifierPool
    function awaitSeed() external onlyModule returns (uint64 seedBlock) {
        seedBlock = SeedWindows.next(block.number);
        emit SeedAwaited(seedBlock, ++_waiting[seedBlock]);
    }

    /// @inheritdoc IVerifierPool
    function stopAwaiting(uint64 seedBlock) external onlyModule {
        require(_waiting[seedBlock] != 0, NobodyWaits(seedBlock));
        emit SeedAwaited(seedBlock, --_waiting[seedBlock]);
    }

    /// @inheritdoc IVerifierPool
    function touch(uint256 verifierId) external onlyModule {
        if (_members[verifierId].place == 0) return;
        _members[verifierId].lastActive = _now();
        if (frozenUntil() == 0) _write(verifierId);
        else _announce(verifierId, weightOf(verifierId));
    }

    /// @inheritdoc IVerifierPool
    function missed(uint256 verifierId) external onlyModule {
        if (_members[verifierId].place == 0) return;
        _members[verifierId].lastActive = 0;
        _announce(verifierId, weightOf(verifierId));
    }

    /// @inheritdoc IVerifierPool
    function requireThawed() public view {
        uint256 until = frozenUntil();
        require(until == 0, PoolFrozen(until));
    }

    /// @inheritdoc IVerifierPool
    function frozenUntil() public view returns (uint256) {
        uint256 seedBlock = SeedWindows.seedBlockOf(block.number);
        return block.number >= seedBlock && _waiting[seedBlock] != 0 ? SeedWindows.end(seedBlock) : 0;
    }

    /// @inheritdoc IVerifierPool
    function waitingFor(uint256 seedBlock) external view returns (uint256) {
        return _waiting[seedBlock];
    }

    /// @inheritdoc IVerifierPool
    function hasJoined(bytes32 orgKey) external view returns (bool) {
        return _organisations[orgKey];
    }

    /// @inheritdoc IVerifierPool
    function organisationCount() external view returns (uint256) {
        return _organisationCount;
    }

    function _enter(uint256 verifierId, uint64 time) internal {
        uint256 slot = _memberCount++;
        _members[verifierId] = Member(uint32(slot + 1), time);
        _slots[slot] = verifierId;
    }

    /// @dev The last member moves into the freed slot, so that the taken slots stay together.
    function _remove(uint256 verifierId, uint8 cause) private {
        emit VerifierLeft(POOL, verifierId, cause);
        (uint256 movedId, uint256 slot, uint256 weight) = _exit(verifierId);
        if (movedId != 0) {
            emit VerifierWeightSet(POOL, movedId, uint32(slot), weight, _members[movedId].lastActive);
        }
        REGISTRY.unlock(verifierId);
    }

    function _exit(uint256 verifierId) internal returns (uint256 movedId, uint256 slot, uint256 weight) {
        slot = _members[verifierId].place - 1;
        uint256 last = --_memberCount;
        delete _members[verifierId];
        if (slot != last) {
            movedId = _slots[last];
            weight = SumTree.get(_tree, last);
            _slots[slot] = movedId;
            _members[movedId].place = uint32(slot + 1);
            SumTree.set(_tree, slot, weight);
        }
        delete _slots[last];
        SumTree.set(_tree, last, 0);
    }

    function _countOrganisation(bytes32 orgKey) internal {
        if (orgKey == 0 || _organisations[orgKey]) return;
        _organisations[orgKey] = true;
        ++_organisationCount;
    }

    function _write(uint256 verifierId) private {
        uint256 weight = weightNow(verifierId);
        SumTree.set(_tree, _members[verifierId].place - 1, weight);
        _announce(verifierId, weight);
    }

    function _announce(uint256 verifierId, uint256 weight) private {
        Member storage member = _members[verifierId];
        emit VerifierWeightSet(POOL, verifierId, member.place - 1, weight, member.lastActive);
    }

    function _idle(uint256 verifierId) private view returns (bool) {
        uint256 then_ = PARAMETERS.exponentAt(Keys.REC_HALF_LIFE, _members[verifierId].lastActive);
        return PARAMETERS.exponentAt(Keys.REC_HALF_LIFE, _now()) >= then_ + (IDLE_HALF_LIVES << 16);
    }

    function _requireMember(uint256 verifierId) private view {
        require(_members[verifierId].place != 0, NotMember(verifierId));
    }

    function _msgSender() internal view override(Context, ERC2771Context) returns (address) {
        return ERC2771Context._msgSender();
    }

    function _msgData() internal view override(Context, ERC2771Context) returns (bytes calldata) {
        return ERC2771Context._msgData();
    }

    function _contextSuffixLength() internal view override(Context, ERC2771Context) returns (uint256) {
        return ERC2771Context._contextSuffixLength();
    }
}
