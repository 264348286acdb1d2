// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import { IAgentRegistry } from "../interfaces/IAgentRegistry.sol";
import { CheckpointState, EpochCheckpoint, ICheckpoints, Roots } from "../interfaces/ICheckpoints.sol";
import { Challenge, IDisputable } from "../interfaces/IDisputable.sol";
import { IVerifierPool, Lot } from "../interfaces/IVerifierPool.sol";
import { Accounts, Pledge, Reasons } from "../libraries/Accounts.sol";
import { Keys } from "../libraries/Keys.sol";
import { SeedWindows } from "../libraries/SeedWindows.sol";
import { Genesis, Wiring } from "../libraries/Wiring.sol";
import { Module } from "../Module.sol";

/// @notice See ICheckpoints. (OpenZeppelin has a library named Checkpoints: artifacts need names of their own.)
/// @dev Always holds: accepted epochs are 1, 2, 3 and so on without a gap and their blocks adjoin; at most one epoch is open, the
///      one after the last accepted; a signer is on the panel that was drawn and has pledged a seat. Every loop runs over that
///      panel of at most seven.
contract EpochCheckpoints is ICheckpoints, IDisputable, Module {
    uint64 internal constant WINDOW = 1 days;
    uint8 internal constant KIND = 6;
    uint256 internal constant PANEL = 7;
    uint256 internal constant SMALLEST_PANEL = 3;

    uint8 internal constant REJECTED_CHALLENGE = 1;
    uint8 internal constant WITHDRAWN = 2;

    IVerifierPool internal immutable VERIFIER_POOL;
    address internal immutable DISPUTES;
    uint256 internal immutable FIRST_BLOCK;

    uint64 internal _lastEpoch;
    mapping(uint64 epoch => EpochCheckpoint) internal _checkpoints;
    mapping(uint64 epoch => mapping(uint16 posting => uint256[])) internal _panels;
    mapping(uint64 epoch => mapping(uint16 posting => uint256 bits)) internal _signed;

    constructor(Wiring memory wiring, Genesis memory) Module(wiring, "checkpoints") {
        VERIFIER_POOL = IVerifierPool(wiring.verifierPool);
        DISPUTES = wiring.disputes;
        FIRST_BLOCK = block.number;
    }

    /// @inheritdoc ICheckpoints
    function post(uint64 epoch, uint256 posterId, Roots calldata roots) external opening {
        REGISTRY.requireActor(posterId, _msgSender());
        require(epoch == _lastEpoch + 1, WrongEpoch(epoch, _lastEpoch + 1));
        EpochCheckpoint storage found = _checkpoints[epoch];
        bool free = found.state == CheckpointState.NONE || found.state == CheckpointState.REJECTED;
        require(free, WrongCheckpointState(epoch, found.state));
        _requireBlocks(roots);
        require(roots.logRoot != 0 && roots.stateRoot != 0, ZeroRoot());

        uint256 bond = PARAMETERS.get(Keys.CHECKPOINT_BOND);
        uint16 posting = found.posting + 1;
        delete _checkpoints[epoch];
        found.state = CheckpointState.POSTED;
        found.posting = posting;
        found.posterId = uint64(posterId);
        found.finalAt = _now() + WINDOW;
        found.bond = uint128(bond);
        found.roots = roots;
        _emitPosted(epoch, found);
        _await(epoch, found);
        REGISTRY.lock(posterId);
        _move(Accounts.stake(posterId), pledgeOf(epoch), epoch, bond, Reasons.POSTER_BOND);
    }

    /// @inheritdoc ICheckpoints
    function drawSigners(uint64 epoch) external {
        EpochCheckpoint storage found = _requireUndrawn(epoch);
        uint64 seedBlock = found.seedBlock;
        _requireSeedBlocks(seedBlock + 1, SeedWindows.end(seedBlock));
        bytes32 hash = blockhash(seedBlock);
        require(hash != 0, SeedHashGone(seedBlock));
        VERIFIER_POOL.stopAwaiting(seedBlock);
        bytes32 seed = keccak256(abi.encode(hash, address(this), epoch, found.posting));
        uint256 seatBond = PARAMETERS.get(Keys.MIN_SEAT);
        uint256 posterId = found.posterId;
        uint256[] memory panel = VERIFIER_POOL.draw(seed, Lot(PANEL, seatBond, 0, posterId, REGISTRY.ownerOf(posterId)));
        // While the economy begins there may not be seven; afterwards two thirds of seven must sign, whoever was drawn.
        uint256 size = VERIFIER_POOL.bootstrapped() ? PANEL : panel.length;
        uint16 quorum = uint16((2 * (size < SMALLEST_PANEL ? SMALLEST_PANEL : size) + 2) / 3);
        found.quorum = quorum;
        found.seatBond = uint128(seatBond);
        _panels[epoch][found.posting] = panel;
        emit CheckpointPanelDrawn(epoch, seed, panel, quorum, seatBond);
    }

    /// @inheritdoc ICheckpoints
    function reseed(uint64 epoch) external {
        EpochCheckpoint storage found = _requireUndrawn(epoch);
        _requireSeedBlocks(SeedWindows.end(found.seedBlock), type(uint256).max);
        VERIFIER_POOL.stopAwaiting(found.seedBlock);
        _await(epoch, found);
    }

    /// @inheritdoc ICheckpoints
    function sign(uint64 epoch, uint256 verifierId) external {
        address caller = _msgSender();
        require(REGISTRY.mayAct(verifierId, caller), IAgentRegistry.NotAgent(verifierId, caller));
        EpochCheckpoint storage found = _requireState(epoch, CheckpointState.POSTED);
        _requireBefore(found.finalAt);
        uint256 index = _indexOf(epoch, found.posting, verifierId);
        require(!_hasSigned(epoch, found.posting, index), AlreadySigned(epoch, verifierId));
        _signed[epoch][found.posting] |= 1 << index;
        ++found.signatures;
        emit CheckpointSigned(epoch, verifierId);
        REGISTRY.lock(verifierId);
        bytes32 account = _signerAccount(epoch, found.posting, index);
        _move(Accounts.stake(verifierId), account, epoch, found.seatBond, Reasons.SEAT_LOCK);
    }

    /// @inheritdoc ICheckpoints
    function settleCheckpoint(uint64 epoch) external timeout {
        EpochCheckpoint storage found = _requireState(epoch, CheckpointState.POSTED);
        _requireFrom(found.finalAt);
        bool accepted = found.quorum != 0 && found.signatures >= found.quorum;
        _settle(epoch, found, accepted);
    }

    /// @inheritdoc IDisputable
    function challenge(uint256 subjectId, uint8 kind, uint256 disputeId, uint256 challengerId, address)
        external
        returns (Challenge memory)
    {
        require(msg.sender == DISPUTES, OnlyModule(msg.sender));
        require(kind == KIND, WrongKind(kind));
        require(challengerId != 0, ChallengerMissing(subjectId));
        uint64 epoch = SafeCast.toUint64(subjectId);
        EpochCheckpoint storage found = _requireState(epoch, CheckpointState.POSTED);
        require(!found.ruled, AlreadyRuled(subjectId));
        _requireBefore(found.finalAt);
        found.state = CheckpointState.DISPUTED;
        emit CheckpointDisputed(epoch, disputeId);
        uint256 posterId = found.posterId;
        // m = 20 and b = half of the bond: the court asks for all of it.
        uint256 bond = (uint256(found.bond / 2) * 20 + 9) / 10;
        return Challenge(posterId, REGISTRY.ownerOf(posterId), pledgeOf(epoch), bond, true);
    }

    /// @inheritdoc IDisputable
    /// @dev A challenge that was taken back has settled nothing: another may come. After ruling 1 or a withdrawal there is
    ///      time for the signatures. A split means that no panel would vouch for the roots.
    function rule(uint256 subjectId, uint8, uint256, uint8 ruling, uint8 cause, uint256) external {
        require(msg.sender == DISPUTES, OnlyModule(msg.sender));
        uint64 epoch = SafeCast.toUint64(subjectId);
        EpochCheckpoint storage found = _requireState(epoch, CheckpointState.DISPUTED);
        if (ruling != REJECTED_CHALLENGE) return _settle(epoch, found, false);
        found.state = CheckpointState.POSTED;
        found.ruled = cause != WITHDRAWN;
        uint64 soonest = _now() + WINDOW;
        if (found.finalAt < soonest) found.finalAt = soonest;
        emit CheckpointResumed(epoch, found.ruled, found.finalAt);
    }

    /// @inheritdoc ICheckpoints
    function forfeitSigners(uint256 subjectId, uint256 disputeId) external returns (uint256 forfeited) {
        require(msg.sender == DISPUTES, OnlyModule(msg.sender));
        uint64 epoch = SafeCast.toUint64(subjectId);
        EpochCheckpoint storage found = _requireState(epoch, CheckpointState.DISPUTED);
        forfeited = uint256(found.signatures) * found.seatBond;
        _clearSigners(epoch, found, Accounts.dispute(disputeId), disputeId);
    }

    /// @inheritdoc ICheckpoints
    function checkpointOf(uint64 epoch) external view returns (EpochCheckpoint memory) {
        return _checkpoints[epoch];
    }

    /// @inheritdoc ICheckpoints
    function panelOf(uint64 epoch) external view returns (uint256[] memory) {
        return _panels[epoch][_checkpoints[epoch].posting];
    }

    /// @inheritdoc ICheckpoints
    function hasSigned(uint64 epoch, uint256 verifierId) external view returns (bool) {
        uint16 posting = _checkpoints[epoch].posting;
        uint256[] storage panel = _panels[epoch][posting];
        for (uint256 i; i < panel.length; ++i) {
            if (panel[i] == verifierId) return _hasSigned(epoch, posting, i);
        }
        return false;
    }

    /// @inheritdoc ICheckpoints
    function lastEpoch() external view returns (uint64) {
        return _lastEpoch;
    }

    /// @inheritdoc ICheckpoints
    function pledgeOf(uint64 epoch) public view returns (bytes32) {
        return Accounts.atRisk(Pledge.POSTER, (uint256(epoch) << 16) | _checkpoints[epoch].posting);
    }

    function _await(uint64 epoch, EpochCheckpoint storage found) private {
        found.seedBlock = VERIFIER_POOL.awaitSeed();
        emit CheckpointAwaitsPanel(epoch, found.seedBlock);
    }

    function _emitPosted(uint64 epoch, EpochCheckpoint storage found) private {
        Roots memory roots = found.roots;
        emit CheckpointPosted(
            epoch,
            found.posterId,
            roots.logRoot,
            roots.stateRoot,
            roots.fromBlock,
            roots.toBlock,
            roots.eventCount,
            found.finalAt
        );
    }

    /// @dev What the court left of the bond goes back to the stake, and every signature's pledge too.
    function _settle(uint64 epoch, EpochCheckpoint storage found, bool accepted) private {
        _finish(epoch, found, accepted);
        emit CheckpointSettled(epoch, accepted);
        if (found.quorum == 0) VERIFIER_POOL.stopAwaiting(found.seedBlock);
        _clearSigners(epoch, found, 0, epoch);
        uint256 posterId = found.posterId;
        bytes32 pledge = pledgeOf(epoch);
        _move(pledge, Accounts.stake(posterId), epoch, VAULT.balanceOf(pledge), Reasons.BOND_RELEASE);
        REGISTRY.unlock(posterId);
    }

    function _finish(uint64 epoch, EpochCheckpoint storage found, bool accepted) internal {
        found.state = accepted ? CheckpointState.ACCEPTED : CheckpointState.REJECTED;
        if (accepted) _lastEpoch = epoch;
    }

    /// @dev Empties every signer's account, to `to` or (0) back to its stake. The bits of who signed remain.
    function _clearSigners(uint64 epoch, EpochCheckpoint storage found, bytes32 to, uint256 ref) private {
        uint256[] storage panel = _panels[epoch][found.posting];
        for (uint256 i; i < panel.length; ++i) {
            if (!_hasSigned(epoch, found.posting, i)) continue;
            bytes32 account = _signerAccount(epoch, found.posting, i);
            uint256 held = VAULT.balanceOf(account);
            if (held == 0) continue;
            uint256 verifierId = panel[i];
            if (to == 0) _move(account, Accounts.stake(verifierId), ref, held, Reasons.SEAT_RELEASE);
            else _move(account, to, ref, held, Reasons.SEAT_SLASH);
            REGISTRY.unlock(verifierId);
        }
    }

    function _requireBlocks(Roots calldata roots) private view {
        bool ordered = roots.fromBlock <= roots.toBlock && roots.toBlock < block.number;
        require(ordered, BlocksOutOfOrder(roots.fromBlock, roots.toBlock, block.number));
        if (_lastEpoch == 0) {
            require(roots.fromBlock <= FIRST_BLOCK, BlocksDoNotAdjoin(roots.fromBlock, uint64(FIRST_BLOCK)));
        } else {
            uint64 expected = _checkpoints[_lastEpoch].roots.toBlock + 1;
            require(roots.fromBlock == expected, BlocksDoNotAdjoin(roots.fromBlock, expected));
        }
    }

    function _requireUndrawn(uint64 epoch) private view returns (EpochCheckpoint storage found) {
        found = _requireState(epoch, CheckpointState.POSTED);
        require(found.quorum == 0, PanelAlreadyDrawn(epoch));
        _requireBefore(found.finalAt);
    }

    function _requireSeedBlocks(uint256 from, uint256 until) private view {
        require(block.number >= from && block.number < until, SeedOutsideBlocks(from, until, block.number));
    }

    function _requireState(uint64 epoch, CheckpointState needed) private view returns (EpochCheckpoint storage found) {
        found = _checkpoints[epoch];
        require(found.state == needed, WrongCheckpointState(epoch, found.state));
    }

    function _indexOf(uint64 epoch, uint16 posting, uint256 verifierId) internal view returns (uint256 index) {
        uint256[] storage panel = _panels[epoch][posting];
        for (; index < panel.length; ++index) {
            if (panel[index] == verifierId) return index;
        }
        revert NotSigner(epoch, verifierId);
    }

    function _hasSigned(uint64 epoch, uint16 posting, uint256 index) private view returns (bool) {
        return _signed[epoch][posting] & (1 << index) != 0;
    }

    function _signerAccount(uint64 epoch, uint16 posting, uint256 index) private pure returns (bytes32) {
        return Accounts.atRisk(Pledge.CHECKPOINT_SIGNER, (uint256(epoch) << 32) | (uint256(posting) << 16) | index);
    }
}
