// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ERC2771Context } from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import { Governor } from "@openzeppelin/contracts/governance/Governor.sol";
import { GovernorCountingSimple } from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import { GovernorTimelockControl } from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import { IVotes } from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import { TimelockController } from "@openzeppelin/contracts/governance/TimelockController.sol";
import { Context } from "@openzeppelin/contracts/utils/Context.sol";
import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";
import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import { IAgentGovernor } from "../interfaces/IAgentGovernor.sol";
import { INonces } from "../interfaces/INonces.sol";
import { IParameters } from "../interfaces/IParameters.sol";
import { ITreasury } from "../interfaces/ITreasury.sol";
import { IVault } from "../interfaces/IVault.sol";
import { Accounts, Reasons } from "../libraries/Accounts.sol";
import { Keys } from "../libraries/Keys.sol";
import { Offices } from "../libraries/Offices.sol";
import { Genesis, Wiring } from "../libraries/Wiring.sol";

/// @notice See IAgentGovernor.
/// @dev Proposals and votes come in, scheduled calls go out to the timelock. Votes are what an owner's agents have bonded at
///      the snapshot. Always holds: what a proposal needs (delay, period, quorum, bond) is fixed when it is made; a vote needs
///      a thousandth of all credits, and as many as it spends, whatever part of the stake that is. It never asks the breaker:
///      who guards the economy must not be able to stop a vote about the guardians.
contract AgentGovernor is IAgentGovernor, INonces, GovernorCountingSimple, GovernorTimelockControl, ERC2771Context {
    /// @dev What a proposal needs, fixed when it is made: one word.
    struct Needs {
        uint16 quorumBps;
        uint128 floor;
    }

    uint256 internal constant MOST_ACTIONS = 10;
    uint256 internal constant PROPOSAL_BOND = 100e18;
    uint256 internal constant OFFICE_BOND = 10_000e18;
    uint256 internal constant BOND_DIVISOR = 20;
    /// @dev Without a floor, the quorum of a small stake is small too, and who has it takes the whole treasury.
    uint256 internal constant FLOOR_DIVISOR = 1_000;
    uint256 internal constant BPS = 10_000;
    uint256 internal constant ENDING_WINDOW = 30 days;
    /// @dev Selector and three words.
    uint256 internal constant SPEND_LENGTH = 100;

    IVotes internal immutable STAKE;
    IVault internal immutable VAULT;
    IParameters internal immutable PARAMETERS;
    address internal immutable TREASURY;
    address internal immutable COUNCIL;
    /// @dev Of the token's whole supply, which never changes.
    uint256 internal immutable LEAST_FLOOR;

    mapping(uint256 proposalId => Needs) internal _needs;

    constructor(Wiring memory wiring, Genesis memory genesis)
        Governor("EventSourced Governor")
        GovernorTimelockControl(TimelockController(payable(wiring.timelock)))
        ERC2771Context(wiring.forwarder)
    {
        LEAST_FLOOR =
            genesis.supply / FLOOR_DIVISOR;
        STAKE = IVotes(wiring.stake);
        VAULT = IVault(wiring.vault);
        PARAMETERS = IParameters(wiring.parameters);
        TREASURY = wiring.treasury;
        COUNCIL = wiring.council;
    }

    /// @inheritdoc IAgentGovernor
    function releaseBond(uint256 proposalId) external {
        ProposalState ended = state(proposalId);
        bytes32 account = Accounts.proposal(proposalId);
        uint256 bond = VAULT.balanceOf(account);
        require(bond != 0, NoBond(proposalId));
        bool lost = ended == ProposalState.Canceled || (ended == ProposalState.Defeated && isRejected(proposalId));
        require(
            lost || ended == ProposalState.Executed || ended == ProposalState.Expired
                || ended == ProposalState.Defeated,
            NotEnded(proposalId, uint8(ended))
        );
        if (lost) VAULT.move(account, Accounts.TREASURY, bytes32(proposalId), bond, Reasons.SPEND_BOND);
        else _returnBond(proposalId, bond);
    }

    /// @inheritdoc Governor
    /// @dev The council cancels in any state before the end, and the bond is lost, but never a vote on one of its seats. The
    ///      proposer cancels only before the vote has begun, and takes the bond back: nobody had to vote.
    function cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) public override returns (uint256 proposalId) {
        proposalId = super.cancel(targets, values, calldatas, descriptionHash);
        if (_msgSender() == COUNCIL) {
            require(!_isOnSeat(targets, calldatas), BeyondVeto(proposalId));
            return proposalId;
        }
        uint256 bond = bondOf(proposalId);
        if (bond != 0) _returnBond(proposalId, bond);
    }

    /// @inheritdoc Governor
    function state(uint256 proposalId)
        public
        view
        override(Governor, GovernorTimelockControl)
        returns (ProposalState found)
    {
        found = super.state(proposalId);
        if (found != ProposalState.Succeeded && found != ProposalState.Queued) return found;
        if (block.timestamp >= expiryOf(proposalId)) return ProposalState.Expired;
    }

    /// @inheritdoc IAgentGovernor
    function bondFor(address[] memory targets, bytes[] memory calldatas) public view returns (uint256 bond) {
        uint256 value = valueOf(targets, calldatas);
        bond = PROPOSAL_BOND + value / BOND_DIVISOR + (value % BOND_DIVISOR == 0 ? 0 : 1);
        for (uint256 i; i < targets.length; ++i) {
            if (Offices.changes(timelock(), COUNCIL, targets[i], bytes4(calldatas[i]))) return bond + OFFICE_BOND;
        }
    }

    /// @inheritdoc IAgentGovernor
    function floorFor(address[] memory targets, bytes[] memory calldatas) public view returns (uint256) {
        return Math.max(LEAST_FLOOR, valueOf(targets, calldatas));
    }

    /// @inheritdoc IAgentGovernor
    function valueOf(address[] memory targets, bytes[] memory calldatas) public view returns (uint256 value) {
        for (uint256 i; i < targets.length; ++i) {
            if (targets[i] != TREASURY || bytes4(calldatas[i]) != ITreasury.spend.selector) continue;
            require(calldatas[i].length == SPEND_LENGTH, MalformedSpend(i, calldatas[i].length));
            value += _amountOf(calldatas[i]);
        }
    }

    /// @inheritdoc IAgentGovernor
    function bondOf(uint256 proposalId) public view returns (uint256) {
        return VAULT.balanceOf(Accounts.proposal(proposalId));
    }

    /// @inheritdoc IAgentGovernor
    /// @dev Whoever voted counts for this quorum, those against too: else a unanimous no could never have one. The floor does
    ///      not count here: where little is at stake nothing is accepted, and what was made to annoy still loses its bond.
    function isRejected(uint256 proposalId) public view returns (bool) {
        (uint256 against, uint256 inFavour, uint256 abstaining) = proposalVotes(proposalId);
        uint256 votes = against + inFavour + abstaining;
        return votes != 0 && votes >= _partOf(proposalId) && against * 3 >= votes * 2;
    }

    /// @inheritdoc IAgentGovernor
    function quorumOf(uint256 proposalId) public view returns (uint256) {
        return Math.max(_partOf(proposalId), _needs[proposalId].floor);
    }

    /// @inheritdoc IAgentGovernor
    function expiryOf(uint256 proposalId) public view returns (uint256) {
        uint256 eta = proposalEta(proposalId);
        if (eta != 0) return eta + ENDING_WINDOW;
        uint256 deadline = proposalDeadline(proposalId);
        return deadline == 0 ? 0 : deadline + ENDING_WINDOW;
    }

    /// @inheritdoc Governor
    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @inheritdoc Governor
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    /// @inheritdoc Governor
    function votingDelay() public view override returns (uint256) {
        return PARAMETERS.get(Keys.VOTING_DELAY);
    }

    /// @inheritdoc Governor
    function votingPeriod() public view override returns (uint256) {
        return PARAMETERS.get(Keys.VOTING_PERIOD);
    }

    /// @inheritdoc Governor
    /// @dev What a proposal made now, which spends less than the floor, would need of the stake at a past moment; see
    ///      `quorumOf` for a given proposal.
    function quorum(uint256 timepoint) public view override returns (uint256) {
        uint256 part = STAKE.getPastTotalSupply(timepoint) * PARAMETERS.get(Keys.QUORUM_VOTES) / BPS;
        return Math.max(part, LEAST_FLOOR);
    }

    /// @inheritdoc Governor
    /// @dev Who proposes has as much at stake as a verifier: proposals cost every voter's attention.
    function proposalThreshold() public view override returns (uint256) {
        return PARAMETERS.get(Keys.MIN_STAKE_VERIFIER);
    }

    /// @inheritdoc Governor
    function proposalNeedsQueuing(uint256 proposalId)
        public
        view
        override(Governor, GovernorTimelockControl)
        returns (bool)
    {
        return super.proposalNeedsQueuing(proposalId);
    }

    function _propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description,
        address proposer
    ) internal override returns (uint256 proposalId) {
        require(targets.length <= MOST_ACTIONS, TooManyActions(targets.length, MOST_ACTIONS));
        proposalId = super._propose(targets, values, calldatas, description, proposer);
        _requireOneKind(targets, calldatas);
        _fixNeeds(proposalId, floorFor(targets, calldatas));
        uint256 bond = bondFor(targets, calldatas);
        VAULT.move(
            Accounts.credit(proposer), Accounts.proposal(proposalId), bytes32(proposalId), bond, Reasons.SPEND_BOND
        );
    }

    /// @dev A vote on a seat decides that alone: what stood beside it would escape the veto.
    function _requireOneKind(address[] memory targets, bytes[] memory calldatas) internal view {
        for (uint256 i; i < targets.length; ++i) {
            require(targets[i] != address(this), CannotCallItself());
            bool seat = Offices.seats(COUNCIL, targets[i], bytes4(calldatas[i]));
            require(!seat || targets.length == 1, SeatStandsAlone(i));
        }
    }

    function _fixNeeds(uint256 proposalId, uint256 floor) internal {
        uint16 quorumBps = uint16(PARAMETERS.get(Keys.QUORUM_VOTES));
        _needs[proposalId] = Needs(quorumBps, SafeCast.toUint128(floor));
        emit QuorumFixed(proposalId, quorumBps);
        emit QuorumFloorFixed(proposalId, floor);
    }

    function _isOnSeat(address[] memory targets, bytes[] memory calldatas) internal view returns (bool) {
        return targets.length == 1 && Offices.seats(COUNCIL, targets[0], bytes4(calldatas[0]));
    }

    /// @dev The part of the stake at the snapshot that the parameter asks for.
    function _partOf(uint256 proposalId) internal view returns (uint256) {
        return STAKE.getPastTotalSupply(proposalSnapshot(proposalId)) * _needs[proposalId].quorumBps / BPS;
    }

    function _returnBond(uint256 proposalId, uint256 bond) internal {
        bytes32 home = Accounts.credit(proposalProposer(proposalId));
        VAULT.move(Accounts.proposal(proposalId), home, bytes32(proposalId), bond, Reasons.BOND_RETURN);
    }

    function _validateCancel(uint256 proposalId, address caller) internal view override returns (bool) {
        return caller == COUNCIL || super._validateCancel(proposalId, caller);
    }

    function _getVotes(address account, uint256 timepoint, bytes memory) internal view override returns (uint256) {
        return STAKE.getPastVotes(account, timepoint);
    }

    function _quorumReached(uint256 proposalId)
        internal
        view
        override(Governor, GovernorCountingSimple)
        returns (bool)
    {
        (, uint256 inFavour, uint256 abstaining) = proposalVotes(proposalId);
        return inFavour + abstaining >= quorumOf(proposalId);
    }

    /// @dev The second argument of Treasury.spend.
    function _amountOf(bytes memory spendCall) internal pure returns (uint256 amount) {
        assembly ("memory-safe") {
            amount := mload(add(spendCall, 68))
        }
    }

    function _useNonce(address owner) internal override returns (uint256 nonce) {
        nonce = super._useNonce(owner);
        emit NonceUsed(owner, nonce);
    }

    /// @dev The timelock delays a vote on an office for longer than its least delay, so it is asked until when.
    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint48) {
        super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
        TimelockController delaying = TimelockController(payable(timelock()));
        bytes32 salt = bytes20(address(this)) ^ descriptionHash;
        return
            SafeCast.toUint48(delaying.getTimestamp(delaying.hashOperationBatch(targets, values, calldatas, 0, salt)));
    }

    // What follows says which of two inherited functions holds.

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) {
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }

    function _msgSender() internal view override(Context, ERC2771Context) returns (address) {
        return super._msgSender();
    }

    function _msgData() internal view override(Context, ERC2771Context) returns (bytes calldata) {
        return super._msgData();
    }

    function _contextSuffixLength() internal view override(Context, ERC2771Context) returns (uint256) {
        return super._contextSuffixLength();
    }
}
